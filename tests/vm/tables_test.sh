# shellcheck shell=bash
# What unwind tables may do to the unwinder when they lie, and when there is
# room for hardly any.
#
# DITHER_LIES: how long (default 15); DITHER_SEED: its seed.

hostile=$TOOLS/hostile
seconds=${DITHER_LIES:-15}

# reload PARAMETER...: the module, with these.
_reload() {
	rmmod dither && insmod "$MODULE" "$@" && return
	fail 'the module does not load again'
}

_lies() {
	local status=0

	"$hostile/tables" "$1" ${DITHER_SEED:+"$DITHER_SEED"} > tables.out || status=$?
	[ "$status" != 77 ] || {
		comment 'left out: no unwind tables on this machine'
		return 0
	}
	while IFS= read -r line; do
		comment "$line"
	done < tables.out
	[ "$status" = 0 ] ||
		fail "it ended with $status: $(sed -n 's/^failure: //p' tables.out | head -n 3)"
}

tables_that_lie_make_short_stacks_and_nothing_else() {
	_reload table_mb=1 && _lies "$seconds" && no_area_left &&
		no_lost_memory
}

who_dies_with_tables_leaves_none() {
	local i

	_reload table_mb=1 || return
	RANDOM=${DITHER_SEED:-1}
	for i in 1 2 3 4 5; do
		"$hostile/tables" 300 > tables.out &
		sleep "$(printf '%d.%03d' $((i % 3)) $((RANDOM % 1000)))"
		kill -9 $!
		wait $! 2> /dev/null
		"$hostile/tables" left > log || fail "kill $i: $(cat log)" || return
	done
	no_area_left && no_lost_memory
}

the_module_that_had_them_unloads_and_loads() {
	_reload && no_area_left
}

run_tests "${BASH_SOURCE[0]}"
