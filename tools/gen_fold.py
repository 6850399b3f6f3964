#!/usr/bin/env python3
"""Writes src/text/data/fold_data.cpp: what each code point folds to, and how it behaves in a word.

    python3 -m venv build/venv && build/venv/bin/pip install \\
        opencc-python-reimplemented==0.1.7 confusable-homoglyphs==3.3.1
    build/venv/bin/python tools/gen_fold.py && clang-format-14 -i src/text/data/fold_data.cpp

Sources, all named in NOTICE:
- Python's unicodedata (Unicode Character Database; Unicode License v3): NFKC, case, categories, names.
- OpenCC dictionaries as packaged by opencc-python-reimplemented (Apache-2.0): traditional to simplified.
- UTS #39 confusables as packaged by confusable-homoglyphs (MIT; the data under the Unicode License v3).

What a code point becomes, in this order:
1. what carries nothing (default ignorable, format, control) is dropped; blanks become a space;
2. NFKC_Casefold; then styled digits and letters that NFKC leaves (circled, squared, regional) by name;
3. decimal digits of every script become ASCII digits; accents leave Latin letters; small capitals and
   phonetic look-alikes become their ASCII letter; quotes, dashes and slashes become their ASCII form;
4. traditional Han becomes simplified;
5. more than kMaxExpansion units: left as it was; beyond the basic plane: one placeholder unit.
"""

import datetime
import json
import os
import re
import sys
import unicodedata as ud

import confusable_homoglyphs
import opencc

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OUT = os.path.join(ROOT, "src", "text", "data", "fold_data.cpp")

MAX_EXPANSION = 4
OTHER_LETTER, OTHER_SYMBOL = 0xE000, 0xFFFD
BLOCK_BITS = 6
BLOCK = 1 << BLOCK_BITS

KEEP, DROP, EXPAND, MARK, ABSOLUTE = range(5)
(C_OTHER, C_BLANK, C_SEPARATOR, C_DIGIT, C_NUMERAL, C_EVERYDAY, C_HAN, C_LATIN, C_GREEK, C_CYRILLIC,
 C_ARMENIAN, C_CHEROKEE, C_OTHER_LOOKALIKE, C_LETTER) = range(14)

# Chinese numerals; the second set also stands in everyday words (together, retail, goes on, ...).
NUMERALS = {"〇": 0, "壹": 1, "壱": 1, "弌": 1, "幺": 1, "贰": 2, "弐": 2, "弍": 2, "叁": 3, "弎": 3, "柒": 7, "捌": 8,
            "玖": 9}
EVERYDAY = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "参": 3, "四": 4, "肆": 4, "五": 5, "伍": 5, "六": 6,
            "陆": 6, "七": 7, "八": 8, "九": 9}

# Signs that may stand between two digits of a number, one at a time; a list of numerals has commas.
SEPARATORS = "-.*~_|·•"

IGNORABLE = [(0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5),
             (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164),
             (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3),
             (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)]

# Marks that are decoration, or that compose with the letter before; vowel signs of Indic scripts,
# Thai and the like are letters of their words and stay.
MARKS = [(0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2),
         (0x05C4, 0x05C5), (0x05C7, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670),
         (0x06D6, 0x06DC), (0x06DF, 0x06E4), (0x06E7, 0x06E8), (0x06EA, 0x06ED), (0x08D3, 0x08E1),
         (0x08E3, 0x08FF), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0x2DE0, 0x2DFF),
         (0x302A, 0x302D), (0x3099, 0x309A), (0xFB1E, 0xFB1E), (0xFE20, 0xFE2F)]

PUNCTUATION = {"‘": "'", "’": "'", "‚": ",", "‛": "'", "“": '"', "”": '"', "„": '"', "‟": '"', "′": "'",
               "″": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "﹘": "-",
               "⁄": "/", "∕": "/", "∶": ":", "∗": "*", "〜": "~", "‹": "<", "›": ">", "⸺": "-", "⸻": "-"}

# Latin letters whose stroke or missing dot no decomposition takes off.
STROKED = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ƚ": "l", "ɨ": "i", "ƶ": "z",
           "ƀ": "b", "ɍ": "r", "ɏ": "y", "ɇ": "e", "ɉ": "j", "ȼ": "c", "ⱥ": "a", "ⱦ": "t"}


def within(ranges, cp):
    return any(a <= cp <= b for a, b in ranges)


def name(c):
    return ud.name(c, "")


def read_pairs(file):
    path = os.path.join(os.path.dirname(opencc.__file__), "dictionary", file)
    pairs = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            key, _, values = line.rstrip("\n").partition("\t")
            if len(key) == 1 and values and len(values.split(" ")[0]) == 1:
                pairs[key] = values.split(" ")[0]
    return pairs


def load_simplified():
    simplified = read_pairs("TSCharacters.txt")
    standard = set(read_pairs("STCharacters.txt"))  # simplified characters: leave them alone
    for file in ("HKVariantsRev.txt", "TWVariantsRev.txt"):
        for variant, traditional in read_pairs(file).items():
            if variant not in simplified and variant not in standard:
                simplified[variant] = simplified.get(traditional, traditional)
    # A chain ends where it stands still; results beyond the basic plane are rarer than their source.
    result = {}
    for key, value in simplified.items():
        for _ in range(4):
            if simplified.get(value, value) == value:
                break
            value = simplified[value]
        if ord(value) < 0x10000 and key != value and simplified.get(value, value) == value:
            result[key] = value
    return result


def load_lookalikes():
    path = os.path.join(os.path.dirname(confusable_homoglyphs.__file__), "confusables.json")
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    found = {}
    for key, others in data.items():
        if len(key) != 1 or ord(key) < 0x80:
            continue
        ascii_ones = [o["c"] for o in others if len(o["c"]) == 1 and o["c"].isascii() and o["c"].isalnum()]
        if not ascii_ones:
            continue
        # 'l', 'I' and '1' are one class in UTS #39, and so are 'O' and '0': take the letter, and
        # for a capital letter called IOTA or I the letter i.
        letters = [c for c in ascii_ones if c.isalpha()] or ascii_ones
        target = letters[0].lower()
        if set(c.lower() for c in letters) & {"l", "i"}:
            capital_i = re.search(r"CAPITAL LETTER (IOTA|I|BYELORUSSIAN-UKRAINIAN I)\b", name(key))
            target = "i" if capital_i or "l" not in [c.lower() for c in letters] else "l"
        found[key] = target
    return found


SIMPLIFIED = load_simplified()
LOOKALIKES = load_lookalikes()
PHONETIC_BLOCKS = [(0x0250, 0x02AF), (0x1D00, 0x1D7F), (0xA720, 0xA7FF), (0xAB30, 0xAB6F)]


def is_latin(c):
    return name(c).startswith("LATIN ")


def small_capital(c):
    match = re.fullmatch(r"LATIN LETTER SMALL CAPITAL ([A-Z])", name(c))
    return match.group(1).lower() if match else None


def nfkc_casefold(c):
    text = ud.normalize("NFKC", ud.normalize("NFD", c).casefold())
    text = ud.normalize("NFKC", text.casefold())
    return "".join(x for x in text if not within(IGNORABLE, ord(x)))


def styled(c):
    """The plain text of a circled, squared, bracketed or regional letter or digit, or None."""
    n = name(c)
    match = re.fullmatch(
        r"(?:NEGATIVE |DOUBLE |PARENTHESIZED |CIRCLED |SQUARED |CROSSED |RAISED |WHITE |BLACK |ITALIC )*"
        r"(?:REGIONAL INDICATOR SYMBOL |LATIN )?(?:CAPITAL |SMALL )?LETTER ([A-Z])", n)
    if match and not n.startswith("LATIN"):
        return match.group(1).lower()
    match = re.fullmatch(r"(?:NEGATIVE |CROSSED NEGATIVE )SQUARED ([A-Z]{1,4})", n) or \
        (re.fullmatch(r"SQUARED ([A-Z]{2,4})", n) if ord(c) > 0xFFFF else None)  # below are signs: SQUARED PLUS
    if match:
        return match.group(1).lower()
    if re.search(r"CIRCLED|PARENTHESIZED|DINGBAT|FULL STOP|DIGIT .* COMMA", n):
        value = ud.numeric(c, None)
        if value is not None and value == int(value) and 0 <= value <= 99 and "IDEOGRAPH" not in n:
            return str(int(value))
        if "IDEOGRAPH" in n or "HANGUL" in n or "KATAKANA" in n:
            inner = [x for x in ud.normalize("NFKC", c) if x not in "()"]
            return "".join(inner)
    return None


def settle(c):
    """Folds one character of an NFKC_Casefold text further; several characters may come out."""
    digit = ud.decimal(c, None)
    if digit is not None:
        return str(digit)
    if c in PUNCTUATION:
        return PUNCTUATION[c]
    if ud.category(c) == "Zs":
        return " "
    if is_latin(c):
        base = [x for x in ud.normalize("NFD", c) if not ud.combining(x)]
        base = [STROKED.get(x, small_capital(x) or x) for x in base]
        base = [LOOKALIKES[x] if within(PHONETIC_BLOCKS, ord(x)) and x in LOOKALIKES
                and LOOKALIKES[x].isalpha() else x for x in base]
        return "".join(base)
    return SIMPLIFIED.get(c, c)


def is_symbol(c):
    return ud.category(c)[0] in "SPZC" and ud.category(c) not in ("Co", "Cn")


def placeholder(c):
    cp = ord(c)
    symbol = is_symbol(c) or (ud.category(c) == "Cn" and 0x1F000 <= cp <= 0x1FFFF)
    return chr(OTHER_SYMBOL if symbol else OTHER_LETTER)


def folded(c):
    """None to drop, ('mark', c), or the folded text of the code point."""
    cp = ord(c)
    if c in "\t\n\v\f\r\x85\u2028\u2029":
        return " "
    if within(IGNORABLE, cp) or ud.category(c) in ("Cc", "Cf"):
        return None
    if within(MARKS, cp):
        return ("mark", c)
    text = styled(c)
    if text is None:
        text = nfkc_casefold(c)
    else:
        text = nfkc_casefold(text) if len(text) == 1 else text
    if c in ("\uff9e", "\uff9f"):
        return ("mark", text)
    if cp in (0x309B, 0x309C):  # spaced kana marks: NFKC gives a space and a mark
        return ("mark", chr(cp - 2))
    out = []
    for x in text:
        for y in settle(x):
            if within(MARKS, ord(y)):
                continue
            out.append(y if ord(y) < 0x10000 else placeholder(y))
    if not out:
        return None if text == "" else " "
    if len(out) > MAX_EXPANSION:
        out = [c] if cp < 0x10000 else [placeholder(c)]
    if len(out) > 1 and out[0] == " " and not any(x != " " for x in out):
        out = [" "]
    return "".join(out)


def script_class(c, source):
    """How the character behaves in a word and in a number run, by its folded form and its own name."""
    if c == " ":
        return C_BLANK
    if c in SEPARATORS or ud.category(c) == "So":  # emoji, stars and the like too
        return C_SEPARATOR
    if c in "0123456789":
        return C_DIGIT
    if c in NUMERALS:
        return C_NUMERAL
    if c in EVERYDAY:
        return C_EVERYDAY
    cat = ud.category(c)
    if cat[0] not in "LMN" and cat not in ("Co", "Cn"):
        return C_OTHER
    n = name(c)
    for word, result in (("LATIN ", C_LATIN), ("GREEK ", C_GREEK), ("CYRILLIC ", C_CYRILLIC),
                         ("ARMENIAN ", C_ARMENIAN), ("CHEROKEE ", C_CHEROKEE)):
        if n.startswith(word):
            return result
    if re.match(r"CJK |HIRAGANA |KATAKANA|HANGUL |BOPOMOFO |IDEOGRAPHIC |KANGXI", n) or 0x3400 <= ord(c) < 0xA000:
        return C_HAN
    if lookalike(source):
        return C_OTHER_LOOKALIKE
    return C_LETTER


def lookalike(c):
    """The ASCII letter or digit that `c`, no Latin letter itself, looks like; or None."""
    if ord(c) < 0x80 or ud.category(c)[0] != "L":
        return None
    plain = ud.normalize("NFKC", c)
    # UTS #39 takes palochka for an i without its dot; who writes a false name writes it for l.
    if plain == "ӏ":
        return "l"
    for candidate in (c, plain):
        if len(candidate) == 1 and not is_latin(candidate) and not re.match(
                r"CJK|HIRAGANA|KATAKANA|HANGUL|BOPOMOFO|ARABIC|HEBREW|DEVANAGARI", name(candidate)):
            if candidate in LOOKALIKES:
                return LOOKALIKES[candidate]
    # Small letters whose only look-alike is a Latin small capital: Cyrillic ve, en, te, ka, em.
    return {"в": "b", "н": "h", "т": "t", "к": "k", "м": "m"}.get(plain)


def main():
    entries = []
    pool, pool_index = [], {}
    looks = []
    results = {}
    for cp in range(0x110000):
        c = chr(cp)
        if 0xD800 <= cp <= 0xDFFF:
            entries.append(ABSOLUTE << 16 | OTHER_SYMBOL | C_SEPARATOR << 20)  # as U+FFFD
            continue
        result = folded(c)
        results[cp] = result
        if result is None:
            entries.append(DROP << 16)
            continue
        if isinstance(result, tuple):
            entries.append(MARK << 16 | ord(result[1]) | C_LETTER << 20)
            continue
        # A styled Greek or Cyrillic letter keeps its script; what became Latin is Latin.
        kind = script_class(result[-1] if len(result) == 1 else result[0], c)
        if len(result) > 1:
            if result not in pool_index:
                pool_index[result] = len(pool)
                pool.append(len(result))
                pool.extend(ord(x) for x in result)
            value, op = pool_index[result], EXPAND
        elif cp < 0x10000:
            value, op = (ord(result) - cp) & 0xFFFF, KEEP
        else:
            value, op = ord(result), ABSOLUTE
        look = lookalike(c)
        entry = value | op << 16 | kind << 20
        if look and kind >= C_GREEK and len(result) == 1:
            entry |= 1 << 24
            looks.append((cp, ord(look)))
        entries.append(entry)

    # Folding twice is folding once: every unit that comes out folds to itself, or patterns that are
    # folded from folded text would differ.
    for cp, result in results.items():
        if isinstance(result, str):
            for x in result:
                if results[ord(x)] != x:
                    sys.exit(f"U+{cp:04X} folds to U+{ord(x):04X}, which folds to {results[ord(x)]!r}")

    compose = {}
    for cp in range(0x10000):
        if 0xD800 <= cp <= 0xDFFF:
            continue
        parts = ud.decomposition(chr(cp)).split()
        if len(parts) != 2 or parts[0].startswith("<"):
            continue
        base, mark = (chr(int(p, 16)) for p in parts)
        if ud.normalize("NFC", base + mark) != chr(cp) or not within(MARKS, ord(mark)):
            continue
        if results[ord(base)] == base and results[cp] == chr(cp):
            compose[(ord(base), ord(mark))] = cp

    blocks, index, stage1 = [], {}, []
    for start in range(0, 0x110000, BLOCK):
        block = tuple(entries[start:start + BLOCK])
        if block not in index:
            index[block] = len(blocks)
            blocks.append(block)
        stage1.append(index[block])

    dense = [0] * 1024
    for cp in range(0x10000):
        if not 0xD800 <= cp <= 0xDFFF and isinstance(results[cp], str) and not is_symbol(chr(cp)):
            dense[cp >> 6] |= 1 << (cp & 63)
    dense[OTHER_SYMBOL >> 6] &= ~(1 << (OTHER_SYMBOL & 63))

    numerals = sorted((ord(c), v, 0) for c, v in NUMERALS.items()) + \
        sorted((ord(c), v, 1) for c, v in EVERYDAY.items())
    numerals.sort()
    write(stage1, blocks, pool, looks, compose, dense, numerals)
    print(f"{len(blocks)} blocks, {len(pool)} pool units, {len(looks)} look-alikes, "
          f"{len(compose)} compositions, {len(SIMPLIFIED)} traditional characters")


def array(kind, label, values, fmt, per_line=16):
    lines = [f"const {kind} {label}[] = {{"]
    for i in range(0, len(values), per_line):
        lines.append("    " + ", ".join(fmt.format(v) for v in values[i:i + per_line]) + ",")
    lines.append("};\n")
    return "\n".join(lines)


def write(stage1, blocks, pool, looks, compose, dense, numerals):
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    flat = [e for block in blocks for e in block]
    pairs = sorted((base << 16 | mark, composite) for (base, mark), composite in compose.items())
    with open(OUT, "w", encoding="ascii") as f:
        f.write(f"""// fold_data.cpp - generated by tools/gen_fold.py; do not edit.
//
// Made {datetime.date.today().isoformat()} from Unicode {ud.unidata_version} (Python's unicodedata),
// OpenCC dictionaries (opencc-python-reimplemented 0.1.7) and UTS #39 confusables
// (confusable-homoglyphs 3.3.1). Licences: see NOTICE. Layout: fold_data.hpp.
// clang-format off
#include "src/text/data/fold_data.hpp"

namespace ringfence::fold_data {{

""")
        f.write(array("std::uint16_t", "kStage1", stage1, "{}", 24))
        f.write("\n" + array("std::uint32_t", "kStage2", flat, "0x{:x}", 12))
        f.write("\n" + array("char16_t", "kPool", pool, "0x{:x}", 16))
        f.write("\n" + array("LookAlike", "kLookAlikes", [f"{{0x{a:x}, 0x{b:x}}}" for a, b in looks], "{}", 6))
        f.write(f"const std::size_t kLookAlikeCount = {len(looks)};\n\n")
        f.write(array("Composition", "kCompositions", [f"{{0x{a:x}u, 0x{b:x}}}" for a, b in pairs], "{}", 5))
        f.write(f"const std::size_t kCompositionCount = {len(pairs)};\n\n")
        f.write(array("std::uint64_t", "kDense", dense, "0x{:x}u", 6))
        f.write("\n" + array("Numeral", "kNumerals",
                             [f"{{0x{a:x}, {b}, {'true' if c else 'false'}}}" for a, b, c in numerals], "{}", 4))
        f.write(f"const std::size_t kNumeralCount = {len(numerals)};\n\n")
        f.write("}  // namespace ringfence::fold_data\n")


if __name__ == "__main__":
    main()
