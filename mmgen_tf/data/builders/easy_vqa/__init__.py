"""Questions about pictures of one coloured shape, with 13 answers (easy-VQA, 38,575 + 9,673)."""
