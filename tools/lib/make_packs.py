"""Packs of content rules and streams of messages for the benchmarks, made from the development corpora.

    python make_packs.py --data DIR --out DIR [--seed N]

Writes, the same for the same seed and corpora, and none of it to be kept in the repository:

    mixed_100.toml ... mixed_100k.toml    70 % phrases, 26 % gap rules, 4 % regular expressions
    literal_1k.toml ... literal_50k.toml  95 %, 4 % and 1 %
    zh.txt, en.txt, mix.txt               messages as octets: `gsm7|ucs2 HEX` a line, GSM 7-bit packed
    zh_10.txt ... en_1600.txt             the same text, joined and cut anew into messages of as many units
    zh_planted.txt, en_planted.txt        the same messages, in each a phrase of mixed_10k in the place of as many letters

Phrases are cut from the spam side of the corpora and filled up from the word list; gap rules join parts that stand
near each other in a message of the corpora, or nowhere.
"""

import argparse
import collections
import json
import lzma
import pathlib
import random
import re
import re._parser  # regular expressions taken apart, to make a text that each matches
import unicodedata

SIZES = {"100": 100, "300": 300, "1k": 1_000, "3k": 3_000, "10k": 10_000, "30k": 30_000, "50k": 50_000, "100k": 100_000}
LITERAL = ("1k", "10k", "50k")  # the sizes of literal packs
SHARES = {"mixed": (0.70, 0.26, 0.04), "literal": (0.95, 0.04, 0.01)}
LENGTHS = (10, 20, 40, 70, 160, 400, 800, 1600)  # units, as bench/text/curves.cpp asks for them
HAN = re.compile("[\u4e00-\u9fff]+")
WORD = re.compile("[a-z]{4,}")
DOMAINS = ["top", "xyz", "vip", "cc", "icu", "info", "club", "online", "site", "shop", "cn", "net"]

# TS 23.038, the default alphabet and its extension.
GSM7 = ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
        "abcdefghijklmnopqrstuvwxyzäöñüà")
EXTENSION = {"\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40,
             "€": 0x65}


def lines_of(path):
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file]


def rows_of(data, corpus):
    return [line.replace("\ufffd", "£").split("\t") for line in lines_of(data / corpus / "dev.tsv.xz")[1:]]


def fold(text):
    return unicodedata.normalize("NFKC", text).lower()


def octets_of(text):
    """A message as a gateway sends it: GSM 7-bit packed where that can say it, else UCS-2."""
    septets = []
    for letter in text:
        if letter in EXTENSION:
            septets += [0x1B, EXTENSION[letter]]
        elif letter != "\x1b" and letter in GSM7:
            septets.append(GSM7.index(letter))
        else:
            return "ucs2 " + text.encode("utf-16-be", "surrogatepass").hex()
    packed = sum(septet << 7 * place for place, septet in enumerate(septets))
    return "gsm7 " + packed.to_bytes((7 * len(septets) + 7) // 8, "little").hex()


class Makings:
    """What rules are made of: phrases, parts, and pairs of parts that stand near each other."""

    def __init__(self, data, rng):
        self.rng = rng
        operator = rows_of(data, "zh-sms-operator-11k")
        stations = rows_of(data, "zh-fbs-sms")
        english = rows_of(data, "en-mishra-soni")
        smishing = rows_of(data, "en-smishtank")
        self.messages = {
            "zh": [row[1] for row in operator] + [row[1] for row in rows_of(data, "zh-sms-mudou")],
            "en": [row[1] for row in rows_of(data, "en-uci-sms")] + [row[1] for row in smishing]}
        # Half of what the streams hold is mined, the other half is news to the rules.
        self.spam = [fold(row[1]) for i, row in enumerate(operator) if row[0] == "1" and i % 2]
        self.faked = [re.sub("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", fold(row[1])) for row in stations]
        self.english = ([fold(row[1]) for row in english if row[0] != "ham"] +
                        [fold(row[1]) for i, row in enumerate(smishing) if i % 2])
        self.spam_phrases = self.shuffled(self.phrases(self.spam, 3, 8, 4))
        self.faked_phrases = self.shuffled(self.phrases(self.faked, 3, 8, 3))
        self.pairs = [pair for pair, _ in self.phrases(self.spam + self.faked, 2, 2, 6).most_common(4000)]
        self.english_phrases = self.shuffled(self.word_groups())
        self.words = list(dict.fromkeys(word for text in self.english for word in WORD.findall(text)))
        self.filler = self.shuffled(dict.fromkeys(
            fold(line.strip()) for line in lines_of(data / "zh-wordlist-houbb" / "dict_v20240407.txt.xz")))
        self.filler_han = [word for word in self.filler if HAN.fullmatch(word) and self.fits(word)]
        self.before_digits = list(dict.fromkeys(
            match[1][-size:] for text in self.spam + self.faked
            for match in re.finditer("([\u4e00-\u9fff]{2,4})[^\u4e00-\u9fff]{0,3}[0-9]{5,}", text) for size in (2, 3, 4)))

    def shuffled(self, items):
        items = list(items)
        self.rng.shuffle(items)
        return items

    @staticmethod
    def fits(phrase):
        han = sum(ord(letter) >= 128 for letter in phrase)
        return (2 if han else 4) <= len(phrase) <= 28 and phrase.isprintable()

    def phrases(self, texts, least, most, each):
        count = collections.Counter()
        for text in texts:
            cut = set()
            for run in HAN.findall(text):
                for _ in range(each):
                    size = self.rng.randint(least, most)
                    if len(run) >= size:
                        begin = self.rng.randint(0, len(run) - size)
                        cut.add(run[begin:begin + size])
            count.update(sorted(cut))
        return count

    def word_groups(self):
        groups = []
        for text in self.english:
            words = text.split(" ")
            for i in range(len(words)):
                for size in (1, 2, 3, 4):
                    group = " ".join(words[i:i + size]).strip()
                    if 8 <= len(group) <= 28 and group.isascii() and sum(map(str.isalpha, group)) >= 6:
                        groups.append(group)
        return dict.fromkeys(groups)

    def han_part(self):
        chance = self.rng.random()
        if chance < 0.45:
            return self.rng.choice(self.pairs)
        if chance < 0.8:
            return self.rng.choice(self.spam_phrases)[:self.rng.randint(3, 5)]
        return self.rng.choice(self.filler_han)

    def word(self):
        return self.rng.choice(self.words)

    def han_neighbours(self, gap):
        """Two parts of one message with up to `gap` units between."""
        while True:
            text = self.rng.choice(self.spam if self.rng.random() < 0.5 else self.faked)
            runs = list(HAN.finditer(text))
            if not runs:
                continue
            run = self.rng.choice(runs)
            begin = self.rng.randint(run.start(), run.end() - 1)
            sizes = self.rng.choice((2, 2, 3, 4)), self.rng.choice((2, 2, 3, 4))
            second = begin + sizes[0] + self.rng.randint(0, gap)
            pair = text[begin:begin + sizes[0]], text[second:second + sizes[1]]
            if all(HAN.fullmatch(part) and len(part) == size for part, size in zip(pair, sizes)):
                return pair

    def word_neighbours(self, gap):
        while True:
            words = list(WORD.finditer(self.rng.choice(self.english)))
            if len(words) < 2:
                continue
            i = self.rng.randrange(len(words) - 1)
            if words[i + 1].start() - words[i].end() <= gap:
                return words[i].group(), words[i + 1].group()

    def gap_rule(self):
        han, near = self.rng.random() < 0.65, self.rng.random() < 0.6
        part = self.han_part if han else self.word
        neighbours = self.han_neighbours if han else self.word_neighbours
        chance = self.rng.random()
        if chance < 0.4:
            first, second = neighbours(8) if near else (part(), part())
            return f"{first}{{0,8}}{second}"
        if chance < 0.6:
            first, second = neighbours(6) if near else (part(), part())
            others = self.shuffled([second, part(), part()])
            return f"{first}{{0,6}}({'|'.join(others)}){{0,10}}{part()}"
        if chance < 0.75:
            first = (self.rng.choice(self.before_digits) if near else part()) if han else self.word()
            return f"{first}[0-9a-z]{{5,12}}"
        firsts = [self.rng.choice(self.before_digits) if han and self.rng.random() < 0.3 else part() for _ in range(3)]
        return f"({'|'.join(firsts)}){{0,4}}[0-9]{{5,12}}"

    def regex(self):
        rng, chance = self.rng, self.rng.random()
        if chance < 0.22:
            return rf"{self.word()}[a-z0-9-]{{0,12}}\.(?:{'|'.join(rng.sample(DOMAINS, 3))})/?[a-z0-9]{{0,8}}"
        if chance < 0.36:
            return (rf"[a-z0-9-]{{{rng.randint(3, 6)},20}}\.(?:{'|'.join(rng.sample(DOMAINS, 2))})/"
                    rf"[a-z0-9]{{{rng.randint(4, 6)},8}}")
        if chance < 0.55:
            first, second = self.han_neighbours(2) if rng.random() < 0.5 else (self.han_part(), self.han_part())
            return f"{first}(?:的|了|地|，)?{second}[0-9]{{2,6}}(?:元|块|w|万)"
        if chance < 0.70:
            return f"(?:{self.han_part()}|{self.han_part()})[: ]?[a-z][a-z0-9_-]{{5,19}}"
        if chance < 0.93:
            return (f"{self.word()} (?:your|ur|the) (?:{self.word()}|{self.word()})s?(?: now)?[!. ]+{self.word()}?")
        if chance < 0.96:
            return f"{self.han_part()}.{{0,30}}(?:[0-9]{{3,4}}-?[0-9]{{7,8}}|1[3-9][0-9]{{9}})"
        unit, end = rng.choice("元块折"), rng.choice(["起", "/天", "/晚", "/月", "封顶"])
        return f"[0-9]{{{rng.randint(2, 3)},5}}{unit}[a-z0-9]{{0,3}}{end}"


def as_text(phrase):
    return re.sub(r"([{}\[\]()<>@|?\\])", r"\\\1", phrase)


def shortest(parsed):
    """The shortest text that a parsed regular expression matches, the first of what it leaves open."""
    text = ""
    for kind, what in parsed:
        name = str(kind)
        if name == "LITERAL":
            text += chr(what)
        elif name == "IN":
            first, of = what[0]
            text += chr(of if str(first) == "LITERAL" else of[0])
        elif name == "ANY":
            text += "x"
        elif name == "MAX_REPEAT":
            text += shortest(what[2]) * what[0]
        elif name == "BRANCH":
            text += shortest(what[1][0])
        elif name == "SUBPATTERN":
            text += shortest(what[3])
        else:
            raise ValueError(f"no sample for {name}")
    return text


def phrase_of(expression):
    """The phrase that a rule's text is; None where it is more."""
    return None if re.search(r"(?<!\\)[{\[(]", expression) else re.sub(r"\\(.)", r"\1", expression)


def sample_of(key, expression):
    """A message that the rule matches."""
    if key == "text":
        phrase = phrase_of(expression)
        if phrase is not None:
            return phrase
        expression = re.sub(r"(?<!\])\{", ".{", expression)  # a count behind no class is a gap
    return shortest(re._parser.parse(expression))


def pack(makings, rng, size, shares):
    """Rules as (key, expression)."""
    makings.rng = rng
    wanted = [round(size * share) for share in shares]
    taken, rules = set(), []

    def take(phrases, count):
        before = len(rules)
        for phrase in phrases:
            if len(rules) - before == count:
                break
            if phrase not in taken and makings.fits(phrase):
                taken.add(phrase)
                rules.append(("text", as_text(phrase)))

    take(makings.spam_phrases, round(wanted[0] * 0.12))
    take(makings.faked_phrases, round(wanted[0] * 0.13))
    take(makings.english_phrases, round(wanted[0] * 0.25))
    take(makings.filler, wanted[0] - len(rules))
    while len(rules) < wanted[0]:  # a large pack is larger than the corpora
        take([rng.choice(makings.pairs) + rng.choice(makings.pairs)], 1)
    for key, count, make in (("text", wanted[1], makings.gap_rule), ("regex", wanted[2], makings.regex)):
        made = set()
        while len(made) < count:
            made.add(make())
        rules += [(key, expression) for expression in sorted(made)]
    rng.shuffle(rules)
    return rules


def write_pack(path, rules):
    with open(path, "w", encoding="utf-8") as file:
        file.write('[pack]\nid = "measured"\nview = "light"\n')
        for place, (key, expression) in enumerate(rules):
            sample = json.dumps(sample_of(key, expression), ensure_ascii=False)
            file.write(f'[[rule]]\nid = "r{place}"\ncategory = "c"\naction = "tag"\nmust_match = {sample}\n'
                       f"{key} = {json.dumps(expression, ensure_ascii=False)}\n")


def write_streams(folder, messages, rng):
    streams = {name: rng.sample(texts, len(texts)) for name, texts in messages.items()}
    size = min(map(len, streams.values()))
    mix = streams["zh"][:size] + streams["en"][:size]
    rng.shuffle(mix)
    for name, texts in {**streams, "mix": mix}.items():
        write_stream(folder / f"{name}.txt", texts)
    return streams


def write_stream(path, texts):
    with open(path, "w", encoding="ascii") as file:
        file.writelines(octets_of(text) + "\n" for text in texts if text)


def cut(texts, units):
    """The texts in one, as messages of as many UTF-16 units; of one less where a pair would be cut."""
    messages, begin, size = [], 0, 0
    joined = " ".join(texts)
    for place, letter in enumerate(joined):
        width = 2 if letter > "\uffff" else 1
        if size + width > units:
            messages.append(joined[begin:place])
            begin, size = place, 0
        size += width
    return messages


def plant(text, phrases, rng):
    """The text with a phrase of its own alphabet in the place of as many letters; as it is where none fits."""
    fitting = phrases[octets_of(text).startswith("gsm7")]
    for _ in range(20):
        phrase = rng.choice(fitting)
        if len(phrase) <= len(text):
            begin = rng.randint(0, len(text) - len(phrase))
            return text[:begin] + phrase + text[begin + len(phrase):]
    return text


def write_curves(folder, streams, rules, seed):
    """The streams of bench/text/curves.cpp."""
    found = [phrase_of(expression) for key, expression in rules if key == "text"]
    phrases = {plain: [phrase for phrase in found if phrase and phrase.isascii() == plain] for plain in (False, True)}
    for name in ("zh", "en"):
        for length in LENGTHS:
            write_stream(folder / f"{name}_{length}.txt", cut(streams[name], length))
        rng = random.Random(f"{seed} planted {name}")
        write_stream(folder / f"{name}_planted.txt", [plant(text, phrases, rng) for text in streams[name]])


def main():
    parser = argparse.ArgumentParser(prog="make_packs.py")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="the folder of the development corpora")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(options.seed)
    makings = Makings(options.data, rng)
    streams = write_streams(options.out, makings.messages, rng)
    for kind, shares in SHARES.items():
        for name in SIZES if kind == "mixed" else LITERAL:
            rules = pack(makings, random.Random(f"{options.seed} {kind} {name}"), SIZES[name], shares)
            write_pack(options.out / f"{kind}_{name}.toml", rules)
            if (kind, name) == ("mixed", "10k"):
                write_curves(options.out, streams, rules, options.seed)


if __name__ == "__main__":
    main()
