# shellcheck shell=bash
# Whether what report calls dither's own time is what a session takes, within a
# tenth. For a guest that counts instructions (scripts/vm -i), of one CPU, where
# the clock's ns are instructions, and the same work without a session shows how
# many it takes.

hostile=$TOOLS/hostile

# A root in memory, or an exec would measure the machine's file system.
_small_root() {
	local program

	mkdir -p root/bin
	for program in "$workloads/pieces" /bin/true; do
		cp -L "$program" root/bin/
		ldd "$program" | awk '/^\t.*\// { print $(NF - 1) }' |
			xargs -I{} cp --parents -L {} root/
	done
}

# _pieces KIND COUNT: sets took.
_pieces() {
	chroot root /bin/pieces "$1" "$2" > took ||
		fail "pieces $1 ended with $?" || return
	took=$(< took)
}

_median() {
	sort -n | awk '{ line[NR] = $0 } END { print line[int((NR + 1) / 2)] }'
}

_rounds='1 2 3 4 5 6 7'
declare -A counts=([spin]=300 [exec]=200 [map]=2000) plain

# Probes stay attached for a while after a session: all of this comes before the
# first one. A kernel that draws addresses has more or less to do by them.
_measure_plain() {
	local kind _ took

	echo 0 > /proc/sys/kernel/randomize_va_space
	for kind in spin exec map; do
		_pieces "$kind" "${counts[$kind]}" || return
		for _ in $_rounds; do
			_pieces "$kind" "${counts[$kind]}" || return
			echo "$took"
		done > rounds
		plain[$kind]=$(_median < rounds)
	done
}

# _own: sets own, what the session behind $input and $output calls its own time.
# No process is begun for that: it would be counted, too.
_own() {
	echo >&"$input"
	read -r _ own <&"$output"
}

# _round KIND: adds a line: what the pieces take, what the session counts
# meanwhile, and what it counts for a run of one piece, which has all that is done
# once, too.
_round() {
	local took own begin one

	_own && begin=$own && _pieces "$1" 1 && _own && one=$((own - begin)) &&
		begin=$own && _pieces "$1" "${counts[$1]}" && _own || return
	echo "$took $((own - begin)) $one" >> rounds
}

# _in_session PERIOD_NS KIND
_in_session() {
	local input output _ status=0

	rm -f in out rounds
	mkfifo in out
	"$hostile/held" "$1" tables < in > out &
	exec {input}> in {output}< out
	read -r _ <&"$output"
	for _ in $_rounds; do
		_round "$2" || status=1
	done
	exec {input}>&-
	cat <&"$output" > /dev/null
	exec {output}<&-
	wait
	return $status
}

# _counts NAME PERIOD_NS KIND: what the pieces take longer in a session is,
# within a tenth, what it calls its own time meanwhile. The two are of the same
# round, as a flood of records costs less while records are dropped.
_counts() {
	local one percent

	_in_session "$2" "$3" || return
	one=$(awk '{ print $3 }' rounds | _median)
	percent=$(awk -v plain="${plain[$3]:?}" -v one="$one" '$1 > plain {
		printf "%.1f\n", 100 * ($2 - one) / ($1 - plain)
	}' rounds | tee percents | _median)
	comment "$1: $percent% of what ${counts[$3]} pieces take longer than" \
		"${plain[$3]} instructions are counted: $(sort -n percents | xargs)"
	awk -v percent="$percent" 'BEGIN {
		exit !(percent > 90 && percent < 110)
	}' || fail "$1: $percent%"
}

_small_root
_measure_plain

own_time_of_samples_is_what_they_take_within_a_tenth() {
	_counts 'samples of a loop' 1000000 spin
}

own_time_of_execs_is_what_they_take_within_a_tenth() {
	_counts 'execs' 1000000000 exec
}

own_time_of_mappings_is_what_they_take_within_a_tenth() {
	_counts 'mappings' 1000000000 map
}

run_tests "${BASH_SOURCE[0]}"
