# shellcheck shell=bash
# What a session with tables adds to a mapping of code and to an exec, where
# instructions are counted (scripts/vm -i): the clock's ns are instructions.

hostile=$TOOLS/hostile

# The most that it may add: instructions, and parts of a thousand.
MAPPING_MOST=3000
EXEC_MOST=20

# _least COMMAND...: the least of what three runs print; what else the CPU had to
# do comes on top. A second of the clock brings in what their records may take.
_least() {
	local _

	for _ in 1 2 3; do
		sleep 1.1
		"$@"
	done | sort -n | head -n 1
}

# _mapping COUNT: what one of the last 1,000 of so many costs.
_mapping() {
	"$hostile/hoard" 1 "$1" < /dev/null | sed -n "s/^$1 //p"
}

# _exec: what fork, exec and exit of a program cost, in a root of its own, as
# this one's files are the host's.
_exec() {
	chroot root /spawn 100 /true
}

# The loader and libraries are where the programs look for them.
_make_root() {
	local file

	mkdir root
	cp /bin/true "$hostile/spawn" root
	for file in $(ldd /bin/true "$hostile/spawn" | grep -o '/[^ :]*' | sort -u); do
		[[ $file == */spawn || $file == */true ]] || cp -L --parents "$file" root
	done
}

# _measure FILE: a line for each, with a name. Two are not counted: probes are
# made jumps meanwhile, and pages are read.
_measure() {
	local count

	_mapping 1000 > /dev/null
	_exec > /dev/null
	for count in 1000 2000 11000; do
		echo "$count $(_least _mapping $count)"
	done > "$1"
	echo "exec $(_least _exec)" >> "$1"
}

_measure_both() {
	_make_root
	_measure without
	rm -f held.in
	mkfifo held.in
	"$hostile/held" 1000000000 tables < held.in > held.out &
	exec {input}> held.in
	while ! grep -q ready held.out; do
		sleep .1
	done
	_measure with
	exec {input}>&-
	wait
	comment "$(grep '^tables' held.out)"
	paste -d ' ' without with > both
}

# _judge: what awk says of both; its status.
_judge() {
	local status=0

	awk "$@" both > verdict || status=$?
	sed 's/^/# /' verdict
	((!status)) || fail "$(cat verdict)"
}

# At 0 to 999 ranges, 1,000 to 1,999 and 10,000 to 10,999.
a_session_adds_3000_instructions_to_a_mapping_at_most() {
	_measure_both
	# shellcheck disable=SC2016 # awk's
	_judge -v most="$MAPPING_MOST" '$1 != "exec" {
		printf "%d mappings: %d, %d with a session: %d more\n",
			$1, $2, $4, $4 - $2
		if (NF != 4 || $4 - $2 > most)
			bad = 1
		rows++
	} END { exit bad || rows != 3 }'
}

a_session_adds_2_percent_to_an_exec_at_most() {
	# shellcheck disable=SC2016 # awk's
	_judge -v most="$EXEC_MOST" '$1 == "exec" {
		more = $2 ? ($4 - $2) * 1000 / $2 : 1000
		printf "fork, exec and exit: %d, %d with a session: %.1f%% more\n",
			$2, $4, more / 10
		if (NF != 4 || more > most)
			bad = 1
		rows++
	} END { exit bad || rows != 1 }'
}

run_tests "${BASH_SOURCE[0]}"
