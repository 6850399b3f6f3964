# What this machine can bear; sourced by tools/quickstart and tools/check.
#
#   RINGFENCE_JOBS         compilers at a time: one a core, and one a 1.5 GB of memory
#   RINGFENCE_SCALE        per cent of the full size of data and of timed runs: 100 on two cores and
#                          6 GB or more, 50 on less
# A value already in the environment stays.

# The least of the machine's memory and the control group's bound, in MB.
machine_memory_mb() {
    local mb bound file
    mb=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)
    for file in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
        bound=$(cat "$file" 2>/dev/null) || continue
        case $bound in
            '' | *[!0-9]*) ;;
            *) bound=$((bound / 1024 / 1024)); [ "$bound" -lt "$mb" ] && mb=$bound ;;
        esac
    done
    echo "$mb"
}

machine_cores=$(nproc)
machine_mb=$(machine_memory_mb)
if [ -z "${RINGFENCE_JOBS:-}" ]; then
    RINGFENCE_JOBS=$((machine_mb / 1500))
    [ "$RINGFENCE_JOBS" -gt "$machine_cores" ] && RINGFENCE_JOBS=$machine_cores
    [ "$RINGFENCE_JOBS" -lt 1 ] && RINGFENCE_JOBS=1
fi
if [ -z "${RINGFENCE_SCALE:-}" ]; then
    RINGFENCE_SCALE=100
    if [ "$machine_cores" -lt 2 ] || [ "$machine_mb" -lt 6000 ]; then RINGFENCE_SCALE=50; fi
fi
export RINGFENCE_JOBS RINGFENCE_SCALE
echo "machine: $machine_cores cores, $machine_mb MB; $RINGFENCE_JOBS compilers at a time; sizes at $RINGFENCE_SCALE %"
