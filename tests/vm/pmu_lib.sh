# shellcheck shell=bash
# What the guest tests of events share.

# event FILE.report NAME COLUMN: of the account of events.
event() {
	awk -v name="$2" -v column="$3" '
	/^Events:/ { inside = 1; next }
	inside && $1 == "event" {
		for (i = 1; i <= NF; i++) at[$i] = i
		next
	}
	inside && $1 == name { print $at[column]; exit }
	' "$1"
}

# events_balanced FILE: the clock's ledger, that of samples by events, and the
# account of every event, added up here once more.
events_balanced() {
	balanced "$1" || return
	! grep -q 'NOT BALANCED' "$1.report" ||
		fail "$(grep 'NOT BALANCED' "$1.report")" || return
	awk '
	/^Events:/ { inside = 1; next }
	inside && NF == 0 { exit }
	inside && $NF == "balanced" {
		rows++
		if ($2 != $3 + $4 + $5 + $6 + $7 + $8) { print; bad = 1 }
	}
	END { exit bad || !rows }
	' "$1.report" > "$1.events" ||
		fail "the account of events does not balance: $(cat "$1.events")"
}

# within SHARE A B: their difference is that share of B at most.
within() {
	awk -v share="$1" -v a="$2" -v b="$3" 'BEGIN {
		difference = a > b ? a - b : b - a
		exit !(b > 0 && difference <= share * b)
	}'
}

# share A B: in percent.
share() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", b ? 100 * a / b : 0 }'
}

# agrees FILE COUNTS NUMBER EVENT: what the session counted is what perfcount,
# whose event of that number it is, did between its start and its end.
agrees() {
	local ours theirs attributed begin end

	ours=$(event "$1.report" "$4" counted)
	attributed=$(event "$1.report" "$4" attributed)
	read -r begin end < <(python3 "${BASH_SOURCE[0]%/*}/samples.py" "$1" \
		--interval)
	theirs=$(awk -v column=$(($3 + 1)) -v begin="$begin" -v end="$end" '
	function at(time) {
		return last + (time - before) / ($1 - before) * ($column - last)
	}
	before && before < begin && $1 >= begin { first = at(begin) }
	before && before < end && $1 >= end { printf "%.0f", at(end) - first }
	{ before = $1; last = $column }' "$2")
	comment "$4: perf $theirs, counted $ours ($(share "$ours" "$theirs")%), attributed $(share "$attributed" "$ours")%"
	within .01 "$ours" "$theirs" ||
		fail "$4: counted $ours, perf says ${theirs:-nothing}"
}

# counts_agree SECONDS EVENT,EVENT... [OPTION...]: of a session with these events.
counts_agree() {
	local seconds=$1 events=$2 number=0 counter name
	shift 2

	# shellcheck disable=SC2086 # a list of words
	"$workloads/perfcount" ${events//,/ } > counts &
	counter=$!
	sleep .5
	record x.dither -a -F 499 --budget 100 --unwind fp -e "$events" \
		--duration "$seconds" "$@"
	sleep .5
	kill $counter
	wait $counter 2> /dev/null
	events_balanced x.dither || return
	for name in ${events//,/ }; do
		agrees x.dither counts $((++number)) "$name" || return
	done
}

# all_attributed EVENT...: to samples, but for what the ends of a session cost.
all_attributed() {
	local name attributed counted

	for name; do
		attributed=$(event x.dither.report "$name" attributed)
		counted=$(event x.dither.report "$name" counted)
		within .01 "$attributed" "$counted" ||
			fail "only $attributed of $counted $name went with samples" ||
			return
	done
}
