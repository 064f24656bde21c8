# shellcheck shell=bash
# A crowd of unprivileged attackers, beside programs that must not notice.
#
# DITHER_CROWD: seconds of it (default 20); DITHER_CROWD_SEED.

# shellcheck disable=SC2154 # of lib.sh
hostile=$TOOLS/hostile
crowd_pid=

# Probes are made jumps once every task has been scheduled: with checkers, and as
# many tasks as a crowd makes, minutes later, which the kernel takes for a hang.
_be_patient() {
	local limit=/proc/sys/kernel/hung_task_timeout_secs

	[ ! -w $limit ] || echo 1200 > $limit
}

_begin_crowd() {
	_be_patient
	mkdir -p -m 777 crowd
	(cd crowd && exec "$hostile/crowd" 0 20 "${DITHER_CROWD_SEED:-1}") \
		> crowd.out 2>&1 &
	crowd_pid=$!
}

_end_crowd() {
	local status=0

	kill "$crowd_pid"
	wait "$crowd_pid" || status=$?
	comment "$(cat crowd.out)"
	[ "$status" = 0 ] || fail "the crowd ended with $status: $(cat crowd.out)"
}

# Kilobytes that the kernel has taken for itself.
_kernel_kb() {
	settle
	awk '/^(SUnreclaim|VmallocUsed|Percpu):/ { sum += $2 } END { print sum }' \
		/proc/meminfo
}

# holds_truth FILE: whether the interval of burn_long's share of the program
# holds what the program's own clock says. Intervals of a 95% level.
_holds_truth() {
	local long short

	long=$(count_where "$1" '/;burn_long/')
	short=$(count_where "$1" '/;burn_short/')
	awk -v long="$long" -v short="$short" '
	{ used[$1] = $2 }
	END {
		truth = used["burn_long"] / (used["burn_long"] + used["burn_short"])
		n = long + short
		p = n ? long / n : 0
		half = n ? 1.96 * sqrt(p * (1 - p) / n) : 0
		printf "# truth %.2f%%, %d samples give %.2f%% +- %.2f\n",
			100 * truth, n, 100 * p, 100 * half
		exit !(n >= 100 && p - half <= truth && truth <= p + half)
	}' "$1.out"
}

# record_amid_crowd FILE HZ SECONDS: of CPU time of a program beside it.
_record_amid_crowd() {
	nice -n -10 "$dither" record -q -o "$1" -a -F "$2" --budget 100 -- \
		nice -n -15 "$workloads/twofunctions" "$3" \
		> "$1.out" 2> "$1.log" || fail "record: $(cat "$1.log")"
}

# The 95% intervals of five recordings: three misses in five are 1 in 1,000.
amid_a_crowd_shares_hold_the_truth_and_ledgers_balance() {
	local hits=0 status=0 cpu round
	local -a rates=(99 199 299 399 499)

	# Twenty others, the most of whom want a CPU all the time.
	cpu=$(awk -v seconds="${DITHER_CROWD:-20}" 'BEGIN { print seconds / 10 }')
	_begin_crowd
	for round in 0 1 2 3 4; do
		_record_amid_crowd $round.dither "${rates[round]}" "$cpu" || {
			status=1
			break
		}
	done
	_end_crowd && [ "$status" = 0 ] || return
	for round in 0 1 2 3 4; do
		balanced $round.dither && folded $round.dither || return
		_holds_truth $round.dither && hits=$((hits + 1))
		comment "${rates[round]} Hz: $(sed -n 's/^ *all /all /p' \
			$round.dither.report | head -n 1)," \
			"$(stat -c %s $round.dither) bytes"
	done
	[ "$hits" -ge 3 ] || fail "$hits of 5 intervals hold the truth"
}

what_a_crowd_made_the_module_keep_is_bounded_and_goes() {
	local before after most=16384

	before=$(_kernel_kb)
	_begin_crowd
	mkfifo pipe
	"$hostile/held" 2000000 tables < pipe > held.out &
	exec 4> pipe
	until grep -q ready held.out; do
		sleep .1
	done
	sleep $((${DITHER_CROWD:-20} / 4))
	exec 4>&-
	wait $! || fail "$(cat held.out)" || return
	_end_crowd || return
	comment "$(sed -n '/^tables/p' held.out)"
	awk '/^tables/ { exit !($3 <= $5) }' held.out ||
		fail "more than allowed: $(cat held.out)" || return
	no_area_left || return
	after=$(_kernel_kb)
	comment "the kernel has $before KiB before, $after KiB after"
	[ $((after - before)) -lt $most ] ||
		fail "the kernel has $before KiB before, $after KiB after" || return
	no_lost_memory
}

run_tests "${BASH_SOURCE[0]}"
