"""The PyTorch peers: the recipes' networks, losses and optimizers, written as PyTorch users would."""

import torch
from torch import nn
from torch.nn import functional


class TextEncoder(nn.Module):
    """Peer of `mmgen_tf.modalities.text.text_encoder.TextEncoder`."""

    def __init__(self, words, output_dim, embedding_dim=64):
        super().__init__()
        self.embedding = nn.Embedding(words, embedding_dim)
        self.word_dense, self.sentence_dense = nn.Linear(embedding_dim, output_dim), nn.Linear(output_dim, output_dim)

    def forward(self, tokens):
        words = functional.relu(self.word_dense(self.embedding(tokens)))
        weight = (tokens != 0).unsqueeze(-1).float()
        return self.sentence_dense((words * weight).sum(1) / weight.sum(1).clamp(min=1))


class GaussianEncoder(nn.Module):
    """Peer of `mmgen_tf.layers.gaussian_encoder.GaussianEncoder`."""

    def __init__(self, network, dim, latent):
        super().__init__()
        self.network, self.mean, self.log_variance = network, nn.Linear(dim, latent), nn.Linear(dim, latent)

    def forward(self, x):
        features = functional.relu(self.network(x))
        return self.mean(features), self.log_variance(features)


def dense(*widths):
    """Dense layers with ReLU between them."""
    layers = [part for i, o in zip(widths, widths[1:]) for part in (nn.Linear(i, o), nn.ReLU())]
    return nn.Sequential(*layers[:-1])


class MVAE(nn.Module):
    """Peer of `mmgen_tf.MVAE` with the wiring of the recipe `mvae_binary_digits`: three ELBO terms, dense networks."""

    def __init__(self, classes=10, latent=64, label_weight=10.0):
        super().__init__()
        self.image_encoder = GaussianEncoder(dense(784, 512, 512), 512, latent)
        self.label_encoder = GaussianEncoder(dense(classes, 512, 512), 512, latent)
        self.image_decoder, self.label_decoder = dense(latent, 512, 512, 784), dense(latent, 512, 512, classes)
        self.classes, self.label_weight = classes, label_weight

    def loss(self, image, label):
        flat = torch.bernoulli(image.flatten(1))
        (mean_i, log_i) = self.image_encoder(flat)
        (mean_l, log_l) = self.label_encoder(functional.one_hot(label, self.classes).float())
        nothing, total, latents = torch.zeros_like(mean_i), 0.0, []
        for experts in ([(mean_i, log_i), (mean_l, log_l)], [(mean_i, log_i)], [(mean_l, log_l)]):
            means = torch.stack([nothing, *(m for m, _ in experts)])
            log_precisions = torch.stack([nothing, *(-v for _, v in experts)])
            mean = (torch.softmax(log_precisions, 0) * means).sum(0)
            log_variance = -torch.logsumexp(log_precisions, 0)
            total = total + 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(1)
            latents.append(mean + (0.5 * log_variance).exp() * torch.randn_like(mean))
        logits = self.image_decoder(torch.cat([latents[0], latents[1]]))
        pixels = functional.binary_cross_entropy_with_logits(logits, flat.repeat(2, 1), reduction="none").sum(1)
        told = self.label_decoder(torch.cat([latents[0], latents[2]]))
        surprise = functional.cross_entropy(told, label.repeat(2), reduction="none")
        both = pixels + self.label_weight * surprise
        return (total + both[: len(flat)] + both[len(flat) :]).mean()


class Generator(nn.Module):
    """Peer of `mmgen_tf.models.gan.dcgan_generator.DCGANGenerator`."""

    def __init__(self, noise=64, condition=128, text=64, filters=32):
        super().__init__()
        self.project_text, self.filters = nn.Linear(condition, text), filters
        self.dense = nn.Linear(noise + text, 49 * 4 * filters, bias=False)
        self.layers = nn.Sequential(
            nn.BatchNorm2d(4 * filters), nn.ReLU(),
            nn.ConvTranspose2d(4 * filters, 2 * filters, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * filters), nn.ReLU(),
            nn.ConvTranspose2d(2 * filters, filters, 4, 2, 1, bias=False), nn.BatchNorm2d(filters), nn.ReLU(),
            nn.Conv2d(filters, 1, 3, 1, 1), nn.Tanh(),
        )  # fmt: skip

    def forward(self, noise, condition):
        x = self.dense(torch.cat([noise, functional.leaky_relu(self.project_text(condition), 0.2)], 1))
        return self.layers(x.view(-1, 4 * self.filters, 7, 7))


class Discriminator(nn.Module):
    """Peer of `mmgen_tf.models.gan.projection_discriminator.ProjectionDiscriminator`."""

    def __init__(self, condition=128, filters=64, features=256):
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Conv2d(1, filters, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(filters, 2 * filters, 4, 2, 1),
            nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(49 * 2 * filters, features), nn.LeakyReLU(0.2),
        )  # fmt: skip
        self.linear, self.projection = nn.Linear(features, 1), nn.Linear(condition, features, bias=False)
        self.scale = features**-0.5

    def score(self, features, condition):
        return self.linear(features)[:, 0] + (features * self.projection(condition)).sum(1) * self.scale


class ConditionalGAN(nn.Module):
    """Peer of `mmgen_tf.ConditionalGAN` with the wiring of the recipe `cgan_digits`, without R1 and averaging."""

    def __init__(self, words):
        super().__init__()
        self.text_encoder, self.generator, self.discriminator = TextEncoder(words, 128), Generator(), Discriminator()

    def optimizers(self):
        judges = [*self.discriminator.parameters(), *self.text_encoder.parameters()]
        adam = {"lr": 2e-4, "betas": (0.5, 0.99)}
        return torch.optim.Adam(self.generator.parameters(), **adam), torch.optim.Adam(judges, **adam)

    def step(self, image, text, generator_optimizer, discriminator_optimizer):
        judge, softplus = self.discriminator, functional.softplus
        fake = self.generator(torch.randn(len(image), 64), self.text_encoder(text).detach())
        condition = self.text_encoder(text)
        real_features, fake_features = judge.trunk(torch.cat([image, fake.detach()])).split(len(image))
        against = softplus(judge.score(fake_features, condition))
        against = 0.5 * (against + softplus(judge.score(real_features, condition.roll(-1, 0))))
        loss = (softplus(-judge.score(real_features, condition)) + against).mean()
        discriminator_optimizer.zero_grad()
        loss.backward()
        discriminator_optimizer.step()
        loss = softplus(-judge.score(judge.trunk(fake), self.text_encoder(text).detach())).mean()
        generator_optimizer.zero_grad()
        loss.backward()
        generator_optimizer.step()
