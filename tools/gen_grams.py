#!/usr/bin/env python3
"""Writes src/pattern/data/gram_data.cpp: how often a few units in a row come up in messages of one language.

    RINGFENCE_DATA=... tools/gen_grams.py && clang-format-14 -i src/pattern/data/gram_data.cpp

A rule is looked for by the rarest of its phrases, and a phrase by its rarest gram (src/pattern/anchor_table.hpp); this
table says which are rare. It counts messages of which a gram is part, in a thousand, and keeps those grams that are in
enough of them to belong to the language: nothing of a single message is in it. Chinese is counted in zh-sms-80w-subset and
zh-sms-6class, English in en-hardhat-combined; spam and other messages weigh alike. A gram of both languages has the
greater of its counts. The fold is Python's NFKC in small letters, which is near enough for counting.
"""

import collections
import datetime
import lzma
import os
import pathlib
import random
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[1]
OUT = ROOT / "src" / "pattern" / "data" / "gram_data.cpp"
LANGUAGES = [["zh-sms-80w-subset", "zh-sms-6class"], ["en-hardhat-combined"]]
HAM = {"0", "ham"}
MOST_ROWS = 14_000  # of one side of one language
# Grams of so many units, kept from so many messages in a thousand on. Shorter ones come up more often.
LEAST = {1: 20, 2: 4, 3: 3, 4: 6, 6: 4}


def messages(data, corpora, rng):
    sides = collections.defaultdict(list)
    for corpus in corpora:
        with lzma.open(data / corpus / "dev.tsv.xz", "rt", encoding="utf-8") as file:
            next(file)
            for line in file:
                label, text = line.rstrip("\n").split("\t")[:2]
                sides[label in HAM].append(unicodedata.normalize("NFKC", text).lower())
    return [rng.sample(texts, min(MOST_ROWS, len(texts))) for _, texts in sorted(sides.items())]


def grams_of(text):
    grams = set()
    for i in range(len(text)):
        ascii_pair = text[i:i + 2].isascii()
        sizes = (1, 2, 4, 6) if ascii_pair else (1, 2, 3)
        grams.update(text[i:i + size] for size in sizes if i + size <= len(text))
    return grams


def counted(sides):
    """Messages in a thousand that hold a gram; spam and other messages weigh alike."""
    shares = collections.Counter()
    for texts in sides:
        count = collections.Counter()
        for text in texts:
            count.update(grams_of(text))
        for gram, messages_with_it in count.items():
            shares[gram] += messages_with_it * 1000 / len(texts) / len(sides)
    return shares


def literal(gram):
    return 'u"' + "".join(letter if letter.isalnum() and letter.isascii() else f"\\u{ord(letter):04x}" if
                          ord(letter) >= 0xA0 else "\\" + letter if letter in '"\\' else letter for letter in gram) + '"'


def main():
    data = pathlib.Path(os.environ["RINGFENCE_DATA"])
    rng = random.Random(1)
    greatest = {}
    for corpora in LANGUAGES:
        for gram, share in counted(messages(data, corpora, rng)).items():
            printable = all(0x20 <= ord(letter) < 0x7F or 0xA0 <= ord(letter) < 0xD800 or
                            0xE000 <= ord(letter) < 0x10000 for letter in gram)
            if printable and share >= LEAST[len(gram)]:
                greatest[gram] = max(share, greatest.get(gram, 0))
    rows = sorted(greatest.items(), key=lambda row: [ord(letter) for letter in row[0]])
    with open(OUT, "w", encoding="ascii") as out:
        out.write(f"// Written by tools/gen_grams.py on {datetime.date.today()}; do not edit.\n"
                  '#include "src/pattern/data/gram_data.hpp"\n\nnamespace ringfence::gram_data {\n\n'
                  "const Row kRows[] = {\n")
        for gram, share in rows:
            out.write(f"    {{{literal(gram)}, {round(share)}}},\n")
        out.write("};\n\nconst std::size_t kCount = sizeof kRows / sizeof kRows[0];\n\n}  // namespace ringfence::gram_data\n")


if __name__ == "__main__":
    main()
