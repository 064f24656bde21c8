# shellcheck shell=bash
# What a session with tables adds to a mapping of code and to an exec, where
# instructions are counted (scripts/vm -i): the clock's ns are instructions.

hostile=$TOOLS/hostile

# _mapping COUNT: what one of the last 1,000 of so many costs; into $cost.
_mapping() {
	cost=$("$hostile/hoard" 1 "$1" < /dev/null | sed -n "s/^$1 //p")
}

_measure() {
	local count

	for count in 1000 2000 11000; do
		_mapping $count && echo "$count $cost"
	done
}

# At 0 to 999 ranges, 1,000 to 1,999 and 10,000 to 10,999.
a_session_adds_4500_instructions_to_a_mapping_at_most() {
	_measure > without
	rm -f held.in
	mkfifo held.in
	"$hostile/held" 1000000000 tables < held.in > held.out &
	exec {input}> held.in
	while ! grep -q ready held.out; do
		sleep .1
	done
	_measure > with
	exec {input}>&-
	wait
	paste -d ' ' without with | awk '{
		printf "%d mappings: %d, %d with a session: %d more\n",
			$1, $2, $4, $4 - $2
		if (NF != 4 || $4 - $2 > 4500)
			bad = 1
	} END { exit bad || NR != 3 }' > verdict
	local status=$?
	sed 's/^/# /' verdict
	((!status)) || fail "$(cat verdict)"
}

run_tests "${BASH_SOURCE[0]}"
