"""Weights that can be added: a pack is a folder with a card, safetensors and their configuration.

::

    packs folder / NAME / card.json    what it is, its licence and source, and the hash of every file
                          ...          the files, as the hub has them

Packs of one family combine: text encoder, autoencoder, transformer, control branch and stylizer are separate,
so a trained branch works on an untouched base. Nothing is opened whose files are not those of its card.
``starter`` beside this file is no such pack: it is the analysis of the starter library.
"""
