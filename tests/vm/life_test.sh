# shellcheck shell=bash
# The module's life among others: readers that are killed, memory that runs
# out, processes by the thousand, loading and unloading; and that of all this
# nothing stays behind.
#
# DITHER_CYCLES: how often the module is loaded and unloaded (default 15).

hostile=$TOOLS/hostile
cycles=${DITHER_CYCLES:-15}

_use_count() {
	awk '$1 == "dither" { print $3 }' /proc/modules
}

# measure FILE: "NAME COUNT": objects of the caches that the module's doings
# touch, pages of memory by area.
_measure() {
	settle
	{
		awk '$1 ~ /^kmalloc-|^(filp|mm_struct|task_struct|pid)$/ {
			print $1, $2 }' /proc/slabinfo
		awk '/^(VmallocUsed|Percpu):/ { print $1, $2 / 4 }' /proc/meminfo
	} | sort > "$1"
}

# leaves_nothing COUNT COMMAND...: a command that does something COUNT times.
# What grows by about that number is looked at again: growth by chance does not
# come four times.
_leaves_nothing() {
	local count=$1 round grown

	shift
	"$@" || fail "$*: $?" || return
	_measure before
	cut -d ' ' -f 1 before > suspects
	for round in 1 2 3 4; do
		"$@" || fail "$*: $?" || return
		_measure after
		grown=$(join before after | join - suspects |
			awk -v count="$count" '$3 - $2 >= count * 0.75 { print $1 }')
		comment "round $round of $count:" \
			"${grown:+grown by as many: ${grown//$'\n'/ }}"
		[ "$grown" ] || return 0
		echo "$grown" > suspects
		mv after before
	done
	fail "grown each time: ${grown//$'\n'/ }"
}

unloading_is_refused_while_anything_is_open() {
	local refused=0

	exec 3<> /dev/dither
	! rmmod dither 2> /dev/null || fail 'rmmod succeeded with an open descriptor' || return
	exec 3>&-
	mkfifo hold said
	"$hostile/mapped" < hold > said &
	exec 3> hold
	grep -q mapped said || fail 'no mapping' || return
	rmmod dither 2> /dev/null || refused=1
	exec 3>&-
	wait $! || fail 'the mapping did not hold' || return
	[ "$refused" = 1 ] || fail 'rmmod succeeded with a mapping' || return
	[ "$(_use_count)" = 0 ] || fail "$(_use_count) users are left"
}

ten_sessions_at_once_all_balance() {
	local policies=(stratified poisson uniform:0.3 fixed) i recorders=()

	"$workloads/deeptree" 1000 &
	local load=$!
	for i in 0 1 2 3 4 5 6 7 8 9; do
		"$dither" record -q -a -F $((97 + 199 * i)) --budget 100 \
			--jitter "${policies[i % 4]}" -o "$i.dither" \
			--duration 3 2> "$i.log" &
		recorders+=($!)
	done
	for i in 0 1 2 3 4 5 6 7 8 9; do
		wait "${recorders[i]}" || fail "session $i: $(cat "$i.log")" || break
	done
	local status=$?
	kill "$load"
	wait "$load" 2> /dev/null
	[ "$status" = 0 ] || return
	for i in 0 1 2 3 4 5 6 7 8 9; do
		balanced "$i.dither" || return
		[ "$(ledger "$i.dither" kept)" -gt 0 ] ||
			fail "session $i kept nothing" || return
	done
	rm -f ./?.dither*
}

sessions_open_and_close_at_once() {
	local i others=()

	for i in 1 2 3 4 5 6 7 8; do
		"$hostile/churn" 4 > "$i.log" &
		others+=($!)
	done
	for i in 1 2 3 4 5 6 7 8; do
		wait "${others[i - 1]}" || fail "$(cat "$i.log")" || return
	done
	[ "$(_use_count)" = 0 ] || fail "$(_use_count) users are left" || return
	no_area_left
}

readers_that_are_killed_at_any_moment_leave_nothing() {
	local i status

	"$workloads/deeptree" 1000 &
	local load=$!
	RANDOM=${DITHER_SEED:-1}
	for i in $(seq 20); do
		"$dither" record -q -a -F 9999 --budget 100 -o x.dither &
		sleep "$(printf '0.%03d' $((RANDOM % 800)))"
		kill -9 $!
		wait $! 2> /dev/null
		[ "$(_use_count)" = 0 ] || fail "kill $i: $(_use_count) users are left" || break
		status=0
		"$dither" fold x.dither > /dev/null 2> log || status=$?
		[ "$status" -lt 128 ] || fail "kill $i: fold ends with $status" || break
	done
	status=$?
	kill "$load"
	wait "$load" 2> /dev/null
	[ "$status" = 0 ] || return
	no_area_left
}

_flood() {
	record x.dither -a -F 1999 --budget 100 --ring-size 4M -- \
		"$workloads/bomb" "$1" "$2" && balanced x.dither || return
	comment "$1: kept $(ledger x.dither kept) of $(ledger x.dither cells) cells"
}

floods_of_forks_threads_execs_and_mappings_leave_the_ledger_balanced() {
	_flood forks 1000 && _flood threads 2000 && _flood execs 200 &&
		_flood maps 300
}

# group NAME BYTES: of processes that may use so much memory together. Not the
# whole guest's: an emulator takes minutes to clear pages that held programs.
_group() {
	local root=/sys/fs/cgroup

	echo +memory > $root/cgroup.subtree_control 2> /dev/null || return
	mkdir -p "$root/$1" && echo "$2" > "$root/$1/memory.max" || return
	if [ -e "$root/$1/memory.swap.max" ]; then
		echo 0 > "$root/$1/memory.swap.max"
	fi
}

# in_group NAME COMMAND...: this process becomes that command there.
_in_group() {
	echo "$BASHPID" > "/sys/fs/cgroup/$1/cgroup.procs"
	shift
	exec "$@"
}

_killed() {
	local status=0

	wait "$1" 2> /dev/null || status=$?
	[ "$status" = 137 ] || fail "$2 ended with $status, it was not killed"
}

sampling_goes_on_while_others_run_out_of_memory() {
	local recorder victim

	_group small 64M || {
		comment 'left out: this kernel has no groups with limits of memory'
		return 0
	}
	"$dither" record -q -a -F 999 --budget 100 -o x.dither --duration 300 &
	recorder=$!
	begun || return
	for _ in 1 2 3; do
		(_in_group small "$workloads/hog") &
		_killed $! 'the hog' || break
	done && {
		# A reader too, which is preferred to the hog beside it.
		(
			echo 1000 > /proc/self/oom_score_adj
			_in_group small "$dither" record -q -a -F 999 \
				-o y.dither --duration 300
		) &
		victim=$!
		sleep 1
		(_in_group small "$workloads/hog" 0) &
		_killed "$victim" 'the reader' && _killed $! 'the hog'
	}
	local status=$?
	kill -INT "$recorder"
	wait "$recorder" || fail "record ends with $?" || return
	[ "$status" = 0 ] && balanced x.dither || return
	[ "$(ledger x.dither kept)" -gt 0 ] || fail "nothing was kept" || return
	"$dither" fold y.dither > /dev/null 2> log || fail "fold ends with $?: $(cat log)"
	[ "$(_use_count)" = 0 ] || fail "$(_use_count) users are left"
}

sessions_leave_no_memory_behind() {
	_leaves_nothing 40 "$hostile/churn" 40 && no_area_left && no_lost_memory
}

_load_and_unload() {
	local i

	for i in $(seq "$1"); do
		rmmod dither && insmod "$MODULE" &&
			"$hostile/churn" 1 > churn.log || return
	done
}

# Where debugfs shows probes. A worker detaches them some seconds after the last
# session; unloading does it at once.
_probed() {
	grep -q ' perf_event_mmap+' /sys/kernel/debug/kprobes/list
}

_probes_go_away() {
	local _

	for _ in $(seq 600); do
		_probed || return 0
		sleep .1
	done
	fail 'the probe of mappings is still there after a minute'
}

probes_are_detached_after_the_last_session_and_attached_for_the_next() {
	[ -r /sys/kernel/debug/kprobes/list ] || return 0
	_probes_go_away && "$hostile/churn" 1 > churn.log && _probes_go_away ||
		return
	"$dither" record -q -a -o x.dither --duration 300 &
	local recorder=$! status=0
	begun && { _probed || fail 'a session has no probe of mappings'; } ||
		status=1
	kill -INT "$recorder"
	wait "$recorder" || fail "record ends with $?" || return
	[ "$status" = 0 ] || return
	rmmod dither && { ! _probed || fail 'the probe outlives the module'; }
	status=$?
	insmod "$MODULE"
	return "$status"
}

loading_and_unloading_leaves_no_memory_behind() {
	_leaves_nothing "$cycles" _load_and_unload "$cycles" && no_lost_memory
}

run_tests "${BASH_SOURCE[0]}"
