# shellcheck shell=bash
# Whoever floods a profile with records of processes neither stops the clock of
# the CPU nor fills the file, and what is left out is counted, and no name is
# another program's.
#
# DITHER_FLOOD, DITHER_LOOP: seconds of each flood (2) and of the loop behind it
# (4).

_flood=${DITHER_FLOOD:-2}
_loop=${DITHER_LOOP:-4}

# _survives KIND: after the flood a loop has its samples, the file its size.
_survives() {
	local recorder loop samples cells bytes dropped counted

	cp "$TOOLS/hostile/flood" .
	"$dither" record -q -a -F 99 -o x.dither --duration 600 2> log &
	recorder=$!
	begun || return
	./flood "$1" "$_flood" > flood.out ||
		fail "the flood ended with $?"
	taskset -c 1 "$workloads/twofunctions" "$_loop" > loop.out &
	loop=$!
	wait $loop
	kill -INT $recorder
	wait $recorder || fail "record: $(cat log)" || return
	read -r samples cells bytes dropped counted < <(
		"$(dirname "${BASH_SOURCE[0]}")/cells.py" x.dither $loop)
	comment "$1 ($(cat flood.out)): $samples samples of $cells cells," \
		"$((bytes / 1000)) KB, $dropped records dropped"
	balanced x.dither && folded x.dither || return
	[ "$cells" -gt $((_loop * 30)) ] || fail "the loop has $cells cells" || return
	[ $((samples * 2)) -ge "$cells" ] ||
		fail "$samples samples of $cells cells" || return
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
