# shellcheck shell=bash
# Memory for the maps of processes: what one user's processes take, others still
# have; and what a process with many mappings pays.

# shellcheck disable=SC2154 # lib.sh sets $workloads

hostile=$TOOLS/hostile

# _begin NAME COMMAND...: in the background, until _end; its words to NAME.out.
_begin() {
	local name=$1

	shift
	rm -f "$name.in"
	mkfifo "$name.in"
	"$@" < "$name.in" > "$name.out" 2>&1 &
	eval "exec {$name}> $name.in"
}

# _until NAME WORD
_until() {
	local _

	for _ in $(seq 3000); do
		! grep -q "$2" "$1.out" || return 0
		sleep .1
	done
	fail "no '$2' from $1: $(cat "$1.out")"
}

_end() {
	eval "exec {$1}>&-"
}

# _count NAME: of the line "tables COUNT BYTES of MAX bytes evicted=… unmapped=…".
_count() {
	case $1 in
	bytes) awk '$1 == "tables" { print $3 }' held.out ;;
	max) awk '$1 == "tables" { print $5 }' held.out ;;
	*) sed -n "s/.*\<$1=\([0-9]*\).*/\1/p" held.out ;;
	esac
}

# 40 processes of 3,000 mappings each need more than the 2 MiB that maps may
# have of 4.
one_users_processes_leave_room_for_anothers() {
	local status=0

	rmmod dither && insmod "$MODULE" table_mb=4 || return
	mkdir -m 777 -p nobody
	_begin held "$hostile/held" 1000000000 tables
	_until held ready || return
	_begin hoard env -C nobody setpriv --reuid=65534 --regid=65534 \
		--clear-groups "$hostile/hoard" 40 3000
	_until hoard filled || return
	record x.dither -F 499 --budget 100 -- \
		"$workloads/frameless_deepspin" 20 200 && report x.dither ||
		status=1
	_end hoard
	_end held
	wait
	comment "$(grep '^tables' held.out)"
	((!status)) || return
	awk '$1 == "tables" { found = $2 > 95 } END { exit !found }' \
		x.dither.report ||
		fail "$(grep -A9 'User stacks' x.dither.report)" || return
	[ "$(_count evicted)" -gt 0 ] || fail 'no process was evicted' || return
	grep -q 'tables in the module:.* [1-9][0-9]* processes forgotten' \
		x.dither.report ||
		fail "$(grep 'tables in the module' x.dither.report)" || return
	[ "$(_count bytes)" -le "$(_count max)" ] ||
		fail "$(_count bytes) bytes"
}

twenty_thousand_mappings_of_a_process_are_known() {
	rmmod dither && insmod "$MODULE" || return
	_begin held "$hostile/held" 1000000000 tables
	_until held ready || return
	_begin hoard "$hostile/hoard" 2 20000
	_until hoard filled || return
	_end hoard
	_end held
	wait
	comment "$(grep '^tables' held.out)"
	[ "$(_count unmapped)" = 0 ] && [ "$(_count evicted)" = 0 ] ||
		fail "$(cat held.out)" || return
	# 40,000 ranges, and the places for processes.
	[ "$(_count bytes)" -lt 8000000 ] || fail "$(_count bytes) bytes"
	rmmod dither && insmod "$MODULE" && no_area_left
}

run_tests "${BASH_SOURCE[0]}"
