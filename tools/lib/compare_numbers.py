"""The figures of `tools/compare numbers`: the tables of numbers and prefixes against their rivals."""

import os
import pathlib
import platform
import subprocess
import sys
import tarfile

from compare_build import BUILD, ROOT, build, figures_of, run

UNPACKED = ROOT / "build" / "compare" / "phonenumber"
DATA = ROOT / "build" / "compare" / "data"

# name: unit, direction, must, aim; None: reported only.
FIGURES = {
    "lookup_batch_20m_over_dpdk": ("ratio", "higher", 4.5, 6.5),
    "lookup_batch_20m_over_absl": ("ratio", "higher", 3, 6),
    "lookup_batch_20m_of_limit": ("ratio", "higher", 0.60, 0.80),
    "lookup_batch_100m_of_limit": ("ratio", "higher", 0.50, 0.65),
    "lookup_batch_20m_all_miss_of_limit": ("ratio", "higher", 0.50, 0.70),
    "lookup_batch_20m_all_hit_of_limit": ("ratio", "higher", 0.50, 0.70),
    "lookup_single_20m_over_boost": ("ratio", "higher", 1.1, 1.5),
    "lookup_single_20m_over_ck": ("ratio", "higher", 3, 4),
    "lookup_public_find_20m_over_boost": ("ratio", "higher", None, 1.1),
    "lookup_batch_avx2_20m_over_dpdk": ("ratio", "higher", 3, 5),
    "lookup_batch_scalar_20m_over_dpdk": ("ratio", "higher", 1.5, 3),
    "bytes_per_number_20m": ("bytes", "lower", 11.5, 10),
    "bytes_per_pair_100m": ("bytes", "lower", 24, 21.5),
    "lines_per_lookup_load80": ("lines", "lower", 1.12, 1.09),
    "lines_per_lookup_after_8_turnovers": ("lines", "lower", 1.25, 1.12),
    "reader_beside_1m_updates": ("ratio", "higher", 0.93, 0.97),
    "two_readers_scaling": ("ratio", "higher", 1.85, 1.95),
    "build_20m_over_absl": ("ratio", "higher", 2, 3),
    "image_open_over_file_read": ("ratio", "lower", 2, 1.3),
    "list_csv_load_over_absl": ("ratio", "higher", 2, 4),
    "reconcile_18m_stall": ("ratio", "lower", 2, 1.2),
    "expire_1m_stall": ("ratio", "lower", 2, 1.2),
    "prefix_batch_269k_over_rte_lpm_bulk": ("ratio", "higher", 1.3, 1.6),
    "prefix_single_269k_over_rte_lpm": ("ratio", "higher", 0.85, 1.0),
    "parse_over_from_chars": ("ratio", "higher", 3, 5),
    "normalize_cn_over_libphonenumber": ("ratio", "higher", 20, 100),
    # What a rival's user gets who turns glibc's huge pages on; DPDK's tables lie in them anyway.
    "lookup_batch_20m_over_absl_in_huge_pages": ("ratio", "higher", None, None),
    "lookup_single_20m_over_boost_in_huge_pages": ("ratio", "higher", None, None),
    # The plain reader's memory in huge pages, which it has to ask the system for.
    "image_open_over_file_read_in_huge_pages": ("ratio", "lower", None, None),
}

_why = {}


def missing(name):
    return _why.get(name, "this machine or run gave no such figure")


def unpack_phonenumber():
    """Debian's libphonenumber under build/: installing its -dev package would remove boost 1.81."""
    if (UNPACKED / "usr" / "include").is_dir():
        return True
    debs = UNPACKED.parent / "debs"
    debs.mkdir(parents=True, exist_ok=True)
    names = ["libphonenumber8", "libphonenumber-dev", "libprotobuf32", "libprotobuf-dev", "libicu72"]
    if subprocess.run(["apt-get", "-qq", "download", *names], cwd=debs, check=False,
                      stderr=subprocess.DEVNULL).returncode != 0:
        _why["normalize_cn_over_libphonenumber"] = "libphonenumber could not be downloaded"
        return False
    for deb in debs.glob("*.deb"):
        run("dpkg", "-x", deb, UNPACKED)
    return True


def unpack_prefixes():
    """The prefixes of libphonenumber's English geocoding, as one file."""
    folder = os.environ.get("RINGFENCE_DATA")
    archive = pathlib.Path(folder or ".") / "libphonenumber" / "libphonenumber-resources.tar.xz"
    if folder is None or not archive.is_file():
        for name in ("prefix_batch_269k_over_rte_lpm_bulk", "prefix_single_269k_over_rte_lpm"):
            _why[name] = "RINGFENCE_DATA holds no libphonenumber"
        return False
    DATA.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as tar, open(DATA / "prefixes.txt", "w", encoding="utf-8") as out:
        for member in sorted(tar.getmembers(), key=lambda each: each.name):
            if not member.name.startswith("resources/geocoding/en/") or not member.isfile():
                continue
            for line in tar.extractfile(member).read().decode("utf-8").splitlines():
                if line.partition("|")[0].isdigit():
                    out.write(line + "\n")
    return True


def measure():
    """Name to (value, samples). A subject is a process of its own, so that its memory is given back."""
    if platform.machine() != "x86_64":
        sys.exit("tools/compare numbers: the rivals are measured on x86-64 alone")
    build("-DRINGFENCE_BENCH_RIVALS=ON", f"-DRINGFENCE_PHONENUMBER={UNPACKED if unpack_phonenumber() else ''}")
    program = BUILD / "bench" / "numbers"
    values = {}

    def take(subject, *options, suffix="", **settings):
        print(f"measuring {subject} {' '.join(map(str, options))}", flush=True)
        for name, figure in figures_of(program, subject, *options, **settings).items():
            values[name + suffix] = figure

    memory = int(os.environ.get("machine_mb", "24000"))
    # Rivals and their keys take some 240 bytes a number at 20 M; 100 M of ours alone 30.
    millions = 20 if memory >= 12000 else max(1, memory // 600)
    if millions < 20:
        print(f"With {memory} MB the table has {millions} million numbers instead of 20 million; so have figures "
              "whose names say 20m.")
    size = ("--millions", millions)
    take("lookup", *size)
    huge = dict(os.environ, GLIBC_TUNABLES="glibc.malloc.hugetlb=1")
    with_huge = figures_of(program, "lookup", *size, env=huge)
    for name, figure in with_huge.items():
        values[name + "_in_huge_pages"] = figure
    take("build", *size)
    take("chains", "--millions", min(millions, 5))
    if memory >= 6000:
        take("lookup", "--millions", 100, "--rivals", "no")
    else:
        _why["lookup_batch_100m_of_limit"] = f"100 million numbers need 6 GB, and there are {memory} MB"
    # Pairs take 22 bytes each, and nothing beside.
    pairs = 100 if memory >= 4000 else max(1, memory // 40)
    if pairs < 100:
        print(f"With {memory} MB the table of pairs has {pairs} million instead of 100 million; so has the figure "
              "whose name says 100m.")
    take("pairs", "--millions", pairs)
    take("beside", *size)
    take("written")
    take("list_file")
    take("image", *size)
    take("reconcile", *size)
    if unpack_prefixes():
        take("prefixes", "--data", DATA)
    values["bytes_per_pair_100m"] = values.pop(f"bytes_per_pair_{pairs}m")
    return {name.replace(f"_{millions}m", "_20m"): figure for name, figure in values.items()}
