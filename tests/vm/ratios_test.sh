# shellcheck shell=bash
# Instructions and cycles, which together exist only where instructions are
# counted (scripts/vm -i, arm64, the module made with TEST=stall): ratios by
# function, and what reading counters costs.

# shellcheck source=pmu_lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/pmu_lib.sh"

# _ipc NAME: of a function, as report has it.
_ipc() {
	awk -v name="$1" '
	/^Ratios of events by function/ { inside = 1; next }
	inside && NF == 0 { exit }
	inside && $NF == name { print $3; exit }
	' x.dither.report
}

_truth() {
	sed -n "s/^$1 .*ipc=//p" truth
}

# _self NAME: percent of the samples that end in it.
_self() {
	awk -v name="$1" '
	/^Functions:/ { inside = 1; next }
	inside && NF == 0 { exit }
	inside && $0 ~ " " name " " { self = $1; exit }
	END { print self + 0 }
	' x.dither.report
}

# _counts_agree_beside COMMAND [OPTION...]: which runs for as long.
_counts_agree_beside() {
	local status=0

	$1 > /dev/null &
	shift
	counts_agree 5 cycles,instructions "$@" || status=1
	kill $(jobs -p)
	wait 2> /dev/null
	return $status
}

# What begins and ends a session is not counted by it, but by perf: a machine
# with a little to do makes that little beside all else.
counts_agree_with_perf_on_a_mostly_idle_machine() {
	_counts_agree_beside "$TOOLS/lab/burst 60 100 .2"
}

all_counts_of_a_mostly_idle_machine_go_with_samples_if_idle_is_sampled() {
	_counts_agree_beside "$TOOLS/lab/burst 60 100 .2" --idle &&
		all_attributed cycles instructions
}

counts_agree_with_perf_on_a_busy_machine() {
	_counts_agree_beside yes && all_attributed cycles instructions
}

# Ratios and shares of phases that know themselves. They are long beside the
# distance of samples, as the first one in a phase carries counts of the last.
instructions_per_cycle_of_each_function_are_its_own() {
	local name

	echo 25 > /proc/sys/kernel/perf_cpu_time_max_percent
	echo 100000 > /proc/sys/kernel/perf_event_max_sample_rate
	echo 0 > /proc/sys/kernel/perf_cpu_time_max_percent
	echo 1 > /sys/module/dither/parameters/user_wfi
	record x.dither -F 997 --budget 100 --unwind fp \
		-e cycles,instructions -- "$TOOLS/lab/phases" 4 250 || return
	mv x.dither.out truth
	events_balanced x.dither || return
	sed 's/^/# /' truth
	sed -n '/^Ratios of events by function/,/^$/p' x.dither.report |
		head -n 6 | sed 's/^/# /'
	for name in chase arithmetic; do
		within .05 "$(_ipc $name)" "$(_truth $name)" ||
			fail "$name: $(_ipc $name), by its own log $(_truth $name)" ||
			return
	done
	for name in chase arithmetic; do
		awk -v self="$(_self $name)" \
			'BEGIN { exit !(self > 47 && self < 53) }' ||
			fail "$name has $(_self $name)% of the time, not half" ||
			return
	done
}

# After the last one: of the same recording.
the_coloured_graph_tells_them_apart() {
	local colours

	"$dither" flame --color ipc x.dither > x.svg || return
	colours=$(tr '\n' ' ' < x.svg | sed 's/<g /\n<g /g' |
		sed -n 's/.*<title>\(chase\|arithmetic\) .*fill="\(#[0-9a-f]*\)".*/\1 \2/p' |
		sort -u)
	comment $colours
	# Frames of one function may differ a little, as counts do.
	[ "$(cut -d ' ' -f 1 <<< "$colours" | uniq | wc -l)" = 2 ] &&
		[ -z "$(cut -d ' ' -f 2 <<< "$colours" | sort | uniq -d)" ] ||
		fail "colours: $colours" || return
	grep -q 'class="legend".*>IPC<' x.svg || fail 'no legend'
}

# A sample stands for instructions: those who make more of them have more. The
# emulator tells of such an overflow at the next tick only, so they are to be
# some ticks apart.
samples_by_instructions_follow_instructions() {
	local chase arithmetic expected

	record x.dither --budget 100 --unwind fp --clock instructions:10000000 \
		-- "$TOOLS/lab/phases" 4 250 || return
	mv x.dither.out truth
	report x.dither || return
	! grep -q 'NOT BALANCED' x.dither.report || fail unbalanced || return
	chase=$(sed -n 's/^chase .*instructions=\([0-9]*\) .*/\1/p' truth)
	arithmetic=$(sed -n 's/^arithmetic .*instructions=\([0-9]*\) .*/\1/p' truth)
	expected=$(share "$chase" $((chase + arithmetic)))
	comment "chase has $(_self chase)% of the samples, $expected% of the instructions"
	awk -v self="$(_self chase)" -v expected="$expected" \
		'BEGIN { exit !(self > expected - 5 && self < expected + 5) }' ||
		fail "chase: $(_self chase)%, $expected% of the instructions"
}

distances_between_overflows_are_uniform() {
	record x.dither -a --budget 100 --unwind fp --clock cycles:200000 -- \
		"$workloads/deepspin" 20 100 || return
	python3 "${BASH_SOURCE[0]%/*}/samples.py" x.dither > samples || return
	# Kolmogorov and Smirnov's distance, and what one in a thousand exceeds,
	# with what the way into the handler adds.
	awk '{ print ($5 / $4 - .25) / 1.5 }' samples | tail -n +3 | sort -g |
		awk '{ x[NR] = $1 } END {
			for (i = 1; i <= NR; i++) {
				low = x[i] - (i - 1) / NR; high = i / NR - x[i]
				if (low > most) most = low
				if (high > most) most = high
			}
			printf "%d distances, from uniform by %.4f, %.4f allowed\n",
				NR, most, 1.95 / sqrt(NR) + .01
			exit !(NR > 300 && most < 1.95 / sqrt(NR) + .01)
		}' > verdict
	local status=$?
	sed 's/^/# /' verdict
	((!status)) || fail "$(cat verdict)"
}

# After the last one: of the same recording.
samples_stand_for_what_was_counted() {
	report x.dither && folded x.dither --event cycles || return
	comment "$(count_where x.dither 1) of $(event x.dither.report cycles counted) cycles"
	within .05 "$(count_where x.dither 1)" \
		"$(event x.dither.report cycles counted)" ||
		fail "$(sed -n '/^Events/,/^$/p' x.dither.report)"
}

# _cost OPTIONS...: the work's instructions, sampled; into $cost.
_cost() {
	record y.dither -F 5000 --budget 100 --unwind fp "$@" -- \
		"$workloads/deepspin" 20 60 || return
	cost=$(cat y.dither.out)
}

reading_four_counters_costs_30_percent_of_a_sample_at_most() {
	local base plain counted

	"$workloads/deepspin" 20 60 > /dev/null
	base=$("$workloads/deepspin" 20 60)
	_cost && plain=$cost && _cost -e cycles,instructions,r8,r11 &&
		counted=$cost || return
	awk -v base="$base" -v plain="$plain" -v counted="$counted" 'BEGIN {
		a = (plain - base) / (plain * 5000 / 1e9)
		b = (counted - base) / (counted * 5000 / 1e9)
		printf "%.0f instructions a sample, %.0f with four counters: %.1f%% more\n",
			a, b, 100 * (b / a - 1)
		exit !(a > 0 && b <= 1.3 * a)
	}' > verdict
	local status=$?
	sed 's/^/# /' verdict
	((!status)) || fail "$(cat verdict)"
}

run_tests "${BASH_SOURCE[0]}"
