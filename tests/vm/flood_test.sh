# shellcheck shell=bash
# Whoever floods a profile with records of processes neither stops the clock of
# the CPU nor fills the file, and what is left out is counted, and no name is
# another program's.
#
# DITHER_FLOOD, DITHER_LOOP: seconds of each flood (2) and of the loop behind it
# (4). A loop before it shows how many samples this machine gives without a flood:
# on one that emulates, and is busy, the clock slows down by itself.

_flood=${DITHER_FLOOD:-2}
_loop=${DITHER_LOOP:-4}

# _loop_of SECONDS: on CPU 1; its process into $loop.
_loop_of() {
	taskset -c 1 "$workloads/twofunctions" "$1" > loop.out &
	loop=$!
	wait "$loop"
}

# _survives KIND: after the flood a loop has its samples, the file its size.
_survives() {
	local recorder loop first samples cells bytes dropped counted _
	local first_samples first_cells cells_of

	cp "$TOOLS/hostile/flood" .
	"$dither" record -q -a -F 99 -o x.dither --duration 600 2> log &
	recorder=$!
	begun || return
	_loop_of 2
	first=$loop
	./flood "$1" "$_flood" > flood.out ||
		fail "the flood ended with $?"
	_loop_of "$_loop"
	kill -INT $recorder
	wait $recorder || fail "record: $(cat log)" || return
	cells_of=$(dirname "${BASH_SOURCE[0]}")/cells.py
	read -r first_samples first_cells _ < <("$cells_of" x.dither "$first")
	read -r samples cells bytes dropped counted < <("$cells_of" x.dither "$loop")
	comment "$1 ($(cat flood.out)): $samples samples of $cells cells," \
		"$first_samples of $first_cells before," \
		"$((bytes / 1000)) KB, $dropped records dropped"
	balanced x.dither && folded x.dither || return
	[ "$cells" -gt $((_loop * 30)) ] || fail "the loop has $cells cells" || return
	[ "$first_samples" -gt 0 ] && [ $((samples * 2 * first_cells)) -ge \
		$((cells * first_samples)) ] ||
		fail "$samples samples of $cells cells, $first_samples of $first_cells before" ||
		return
	[ "$bytes" -le 3000000 ] || fail "$bytes bytes of records" || return
	[ "$dropped" = "$counted" ] ||
		fail "$dropped drops told, $counted in the ledger" || return
	[ "$(count_where x.dither '/^(innocent|guilty|flood);.*burn_/')" = 0 ] ||
		fail "the loop's functions below another program's name" || return
	mostly_named x.dither twofunctions burn_
}

a_flood_of_renames_to_one_name_is_survived() {
	_survives rename
}

a_flood_of_renames_to_two_names_is_survived() {
	_survives renames
}

a_flood_of_mappings_of_code_is_survived() {
	_survives mmap
}

a_flood_of_threads_is_survived() {
	_survives threads
}

a_flood_of_children_is_survived() {
	_survives vfork
}

a_flood_of_children_that_exec_is_survived() {
	_survives forkexec
}

a_flood_of_execs_of_one_process_is_survived() {
	_survives exec
}

a_flood_of_orphans_is_survived() {
	_survives orphans
}

a_flood_by_many_users_is_survived() {
	_survives users
}

run_tests "${BASH_SOURCE[0]}"
