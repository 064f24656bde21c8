# shellcheck shell=bash
# What a session that samples a crowd of attackers costs a program beside them:
# for a guest that counts instructions (scripts/vm -i), where the figures repeat.
#
# DITHER_CROWD_PAIRS: spans without and with a session (default 3).

hostile=$TOOLS/hostile

_now() {
	awk '{ printf "%.0f\n", $1 * 1000000000 }' /proc/uptime
}

# span NAME: two seconds, noted.
_span() {
	local from

	from=$(_now)
	sleep 2
	echo "$1 $from $(_now)" >> spans
}

# Pieces of work per second of CPU time and of wall time, without and with, in
# lines that lie within a span; and how many per cent are lost.
_compare() {
	awk '
	NR == FNR { name[NR] = $1; from[NR] = $2; to[NR] = $3; spans = NR; next }
	{
		for (i = 1; i <= spans; i++) {
			if ($1 - $2 < from[i] || $1 > to[i])
				continue
			wall[name[i]] += $2; cpu[name[i]] += $3
			work[name[i]] += $4
		}
	}
	END {
		if (!work["without"] || !work["with"])
			exit 1
		for (n in work) {
			by_cpu[n] = work[n] / cpu[n] * 1e9
			by_wall[n] = work[n] / wall[n] * 1e9
		}
		printf "%.3f %.3f\n", 100 * (1 - by_cpu["with"] / by_cpu["without"]),
			100 * (1 - by_wall["with"] / by_wall["without"])
	}' spans steady.out
}

a_session_at_499_Hz_slows_others_by_less_than_3_per_cent() {
	local crowd steady session lost waits _

	mkdir -p -m 777 crowd
	(cd crowd && exec "$hostile/crowd" 0) > crowd.out 2>&1 &
	crowd=$!
	nice -n -15 "$hostile/steady" .1 > steady.out &
	steady=$!
	sleep 1
	for _ in $(seq "${DITHER_CROWD_PAIRS:-3}"); do
		_span without
		"$dither" record -q -a -F 499 -o x.dither --duration 3000 2> log &
		session=$!
		begun || return
		_span with
		kill -INT $session
		wait $session || fail "record: $(cat log)" || return
	done
	kill $crowd $steady
	wait 2> /dev/null
	balanced x.dither || return
	read -r lost waits <<< "$(_compare)"
	[ "$lost" ] || fail "nothing was measured: $(tail -n 3 spans steady.out)" ||
		return
	comment "it loses $lost% of its speed, and $waits% with its share of the CPU"
	awk -v lost="$lost" 'BEGIN { exit !(lost < 3) }' || fail "it loses $lost%"
}

run_tests "${BASH_SOURCE[0]}"
