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

# agrees FILE OUT EVENT: what the session counted is what perfcount did.
agrees() {
	local ours theirs attributed

	ours=$(event "$1.report" "$3" counted)
	attributed=$(event "$1.report" "$3" attributed)
	theirs=$(awk -v name="$3" '$1 == name { print $2 }' "$2")
	comment "$3: perf $theirs, counted $ours ($(share "$ours" "$theirs")%), attributed $(share "$attributed" "$ours")%"
	within .01 "$ours" "$theirs" ||
		fail "$3: counted $ours, perf says $theirs"
}
