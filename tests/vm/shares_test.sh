# shellcheck shell=bash
# Whether what is reported is what was: a workload logs its own truth.

# share FILE FUNCTION: total share in percent with its interval, low and high.
_share() {
	sed -n "s/^ *[0-9.]* \[[0-9.-]*\] *\([0-9.]*\) \[\([0-9.]*\)-\([0-9.]*\)\].* $2 .*/\1 \2 \3/p" \
		"$1.report" | head -n 1
}

# truth FILE FUNCTION: share in percent by the workload's log.
_truth() {
	awk -v name="$2" '$1 == name { print $3 * 100 }' "$1.out"
}

# The 95% intervals of five runs: three misses in five are 1 in 1,000. Instants
# that passed unserved are not missing at random, as on a machine that others
# use too; all of them, or none, may have belonged to the function.
_agrees() {
	local policy=$1 hits=0 repeat shown truth kept missed

	for repeat in 1 2 3 4 5; do
		record x.dither -F 499 --budget 100 --jitter "$policy" -- \
			"$workloads/twofunctions" 3 && report x.dither || return
		shown=$(_share x.dither burn_long)
		truth=$(_truth x.dither burn_long)
		kept=$(ledger x.dither kept)
		missed=$(($(ledger x.dither overruns) + $(ledger x.dither lost)))
		comment "$policy $repeat: truth $truth, reported $shown," \
			"$missed instants missed, $kept kept"
		awk -v truth="$truth" -v n="$kept" -v d="$missed" '{
			exit !($2 * n / (n + d) <= truth &&
				truth <= ($3 * n + 100 * d) / (n + d))
		}' <<< "$shown" && hits=$((hits + 1))
	done
	[ "$hits" -ge 3 ] || fail "$policy: $hits of 5 intervals hold the truth"
}

stratified_sampling_agrees_with_the_workloads_log() {
	_agrees stratified
}

poisson_sampling_agrees_with_the_workloads_log() {
	_agrees poisson
}

uniform_sampling_agrees_with_the_workloads_log() {
	_agrees uniform:0.5
}

frames_stand_in_the_right_order() {
	record x.dither -F 499 --budget 100 -- "$workloads/twofunctions" 2 &&
		folded x.dither || return
	[ "$(count_where x.dither '/^twofunctions;(.*;)?main;burn_long /')" -gt 20 ] ||
		fail "$(cut -c1-150 x.dither.folded)" || return
	[ "$(count_where x.dither '/burn_(long|short);(.*;)?main/')" = 0 ] ||
		fail "callers inside callees"
}

kernel_stacks_of_a_read_loop_reach_the_system_call_entry() {
	local all complete entry

	record x.dither -F 999 --budget 100 -- "$workloads/readloop" 3 && folded x.dither ||
		return
	case $(uname -m) in
	x86_64) entry='entry_SYSCALL_64_after_hwframe_\[k\];do_syscall_64_\[k\]' ;;
	aarch64) entry='el0t_64_sync_\[k\];el0t_64_sync_handler_\[k\];el0_svc_\[k\]' ;;
	esac
	all=$(count_where x.dither '/read_zero_\[k\]/')
	complete=$(count_where x.dither \
		"/^readloop;.*main;.*;$entry;.*ksys_read_\\[k\\];vfs_read_\\[k\\];read_zero_\\[k\\]/")
	comment "$complete of $all stacks with read_zero are complete"
	[ "$all" -gt 50 ] || fail "only $all samples" || return
	[ "$complete" = "$all" ] ||
		fail "$complete of $all: $(grep read_zero x.dither.folded | head -n 5)"
}

every_policy_draws_the_instants_it_recorded() {
	local policy

	for policy in stratified poisson uniform:0.25 fixed; do
		record x.dither -a -F 997 --seed 42 --budget 100 \
			--jitter $policy --duration 2 && balanced x.dither ||
			return
		grep -q 'seed *42$' x.dither.report ||
			fail "$policy: the seed is not recorded" || return
		grep -Eq 'on their recorded instants: all [0-9]+ samples' \
			x.dither.report ||
			fail "$policy: $(grep 'instants' x.dither.report)" ||
			return
	done
}

a_picture_is_drawn_and_is_the_same_twice() {
	record x.dither -F 499 --budget 100 -- "$workloads/readloop" 1 || return
	"$dither" flame -o a.svg x.dither && "$dither" flame -o b.svg x.dither ||
		return
	cmp -s a.svg b.svg || fail "two pictures of one file differ" || return
	grep -q '__libc_start' a.svg && grep -q 'vfs_read' a.svg ||
		fail "frames are missing"
}

run_tests "${BASH_SOURCE[0]}"
