"""Words that a photo can tell - colours, and what is seen - and sentences without them.

A translator that is given the whole sentence hardly needs the photo; where these words are masked, it does (Caglayan,
Madhyastha, Specia & Barrault, Probing the Need for Visual Context in Multimodal Machine Translation, NAACL 2019).
"""

import re

MASK = "_"
COLOURS = frozenset(
    "black blonde blond blue bright brown colorful dark gray green grey orange pink purple red tan white yellow".split()
)
# Nouns among the 520 most frequent words of Multi30k's English training sentences.
NOUNS = frozenset(
    """
    man men woman women people shirt girl girls boy boys dog dogs group street water child children person hat hats
    ball jacket sidewalk field crowd beach table snow grass hair bike bikes stand city air player players wall camera
    dress park lady ladies soccer guitar food game car cars hand hands road bench glasses pants shorts stage couple
    baby face tree trees pool race rock rocks mouth jeans boat room baseball football coat suit horse horses band sign
    store tennis sunglasses clothing clothes microphone mountain mountains toy ocean basketball workers worker chair
    chairs uniform uniforms helmet train team window floor ice skateboard fence cart market hill truck book kitchen
    cap cellphone path bus motorcycle umbrella light outfit night body river paper tank shop sweater trick lake
    painting stone wave stick vest vests photo picture pictures backpack kid kids board phone pole hockey subway gear
    house family toddler guy guys police bridge arm arms flowers fire costume steps machine bar rope fountain plaid
    adult adults restaurant graffiti stairs shoes forest parade glass volleyball frisbee slide drink computer
    instrument instruments flag wood equipment sun couch plastic cowboy ramp party playground sweatshirt trail woods
    fish statue beard dock yard skirt school sky beer buildings building bags bag station skateboarder cliff bed tent
    friends spectators mother jersey court scarf concert bowling apron snowboarder art fruit shore leaves structure
    coffee cup vendor cigarette boots students vehicle gentleman goggles bicycle rider ground background
    """.split()
)
WORD = re.compile(r"[^\W\d_]+")


def without_visible_words(sentence):
    """An English sentence with `MASK` in place of every colour and every noun of the lists."""
    return WORD.sub(lambda word: MASK if word[0].lower() in COLOURS | NOUNS else word[0], sentence)
