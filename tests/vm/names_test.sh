# shellcheck shell=bash
# Names are right, or there is none: of code of the kernel that comes and goes while
# it is sampled, and of files that others are easily taken for.
#
# DITHER_VISITOR: a folder with dither_visitor.ko and dither_other.ko.

# shellcheck disable=SC2154 # lib.sh sets $workloads, $dither

# _at FILE WHERE: how many samples of the folded FILE stand below a frame.
_at() {
	count_where "$1" "/;$2(_\\[k\\])?;/"
}

# _visit MODULE: load it, let it compute for two seconds and at its beginning, go.
_visit() {
	insmod "$DITHER_VISITOR/dither_$1.ko" begin_ms=1500 &&
		echo 2000 > "/sys/module/dither_$1/parameters/spin_ms" &&
		rmmod "dither_$1"
}

# Of samples in a module that was not there when symbols were first read, those at
# its beginning may be over before they are read again.
a_module_that_comes_and_goes_has_its_own_names() {
	local name in_spin in_begin wrong

	[ "${DITHER_VISITOR:-}" ] || {
		comment 'left out: no DITHER_VISITOR'
		return 0
	}
	export -f _visit
	record modules.dither -F 499 --budget 100 -- \
		bash -c '_visit visitor && _visit other' || return
	folded modules.dither
	for name in visitor other; do
		in_spin=$(count_where modules.dither "/;spin_\\[k\\];.*${name}_spin_\\[k\\]|;${name}_spin_\\[k\\]/")
		in_begin=$(count_where modules.dither "/;${name}_begin_\\[k\\]/")
		comment "$name: $in_spin samples in ${name}_spin, $in_begin in ${name}_begin," \
			"$(count_where modules.dither "/\\[dither_$name\\+/") without names"
		[ "$in_spin" -gt 100 ] ||
			fail "${name}_spin has $in_spin samples: $(grep -v names modules.dither.folded | cut -c1-200 | tail -n 20)" ||
			return
	done
	# insmod calls one module's beginning only, echo its parameter only.
	wrong=$(count_where modules.dither '/do_init_module_\[k\];.*_spin_\[k\]/')
	[ "$wrong" = 0 ] || fail "$wrong samples of a beginning have wrong names"
}

a_program_that_is_loaded_meanwhile_has_its_own_name() {
	local old status=0 all hot

	echo 1 > /proc/sys/net/core/bpf_jit_enable
	echo 1 > /proc/sys/net/core/bpf_jit_kallsyms
	echo 0 > /proc/sys/net/core/bpf_jit_harden
	"$workloads/bpf" oldbpf 100 0 > old.out 2>&1 &
	old=$!
	for _ in $(seq 50); do
		grep -q loaded old.out && break
		sleep .2
	done
	# shellcheck disable=SC2016 # sh expands it
	record bpf.dither -F 499 --budget 100 -- sh -c \
		'"$0" firstbpf 3990 1.5 >/dev/null; "$0" otherbpf 3990 1.5 >/dev/null' "$workloads/bpf" ||
		status=$?
	kill $old
	wait $old 2> /dev/null
	[ "$status" = 0 ] || return
	folded bpf.dither
	all=$(_at bpf.dither bpf_test_run)
	for hot in firstbpf otherbpf; do
		comment "$hot: $(count_where bpf.dither "/bpf_prog_[0-9a-f]+_$hot/") of $all samples below bpf_test_run"
	done
	[ "$all" -gt 100 ] || fail "$all samples below bpf_test_run" || return
	[ "$(count_where bpf.dither '/bpf_test_run_\[k\];.*oldbpf/')" = 0 ] ||
		fail 'a program that did not run has samples' || return
	! dmesg | grep 'dither: has: ' | tail -n 1 | grep -q 'lacks: .*new BPF' || {
		comment 'this kernel does not tell of programs: they have no names'
		return 0
	}
	hot=$(count_where bpf.dither '/bpf_test_run_\[k\];bpf_prog_[0-9a-f]+_(first|other)bpf/')
	[ $((hot * 10)) -ge $((all * 5)) ] ||
		fail "$hot of $all samples are the programs': $(grep bpf_test_run bpf.dither.folded | cut -c1-250)" ||
		return
	[ "$(count_where bpf.dither '/;otherbpf.*firstbpf|firstbpf.*otherbpf/')" = 0 ]
}

# Another program of the same path, size and time of modification.
a_program_in_a_chroot_has_not_the_names_of_the_one_outside() {
	local wrong

	mkdir -p /cr /opt/app && mount --bind / /cr &&
		mount -t tmpfs tmpfs /cr/opt && mkdir /cr/opt/app || return
	cp "$workloads/names_one" /opt/app/prog &&
		cp "$workloads/names_other" /cr/opt/app/prog &&
		touch -d @1 /opt/app/prog /cr/opt/app/prog || return
	[ "$(stat -c %s /opt/app/prog)" = "$(stat -c %s /cr/opt/app/prog)" ] ||
		fail 'the files differ in size' || return
	record chroot.dither -F 499 --budget 100 -- chroot /cr /opt/app/prog 1 ||
		return
	folded chroot.dither
	wrong=$(count_where chroot.dither '/leaf_hot|leaf_off|;middle|;outer/')
	[ "$wrong" = 0 ] || fail "$wrong samples have another program's names" ||
		return
	[ "$(count_where chroot.dither '/^prog;/')" -gt 100 ] ||
		fail 'there are no samples' || return
	# Who has the program itself has its names.
	cp -p /cr/opt/app/prog /opt/app/prog
	folded chroot.dither
	mostly_named chroot.dither prog xold_cof
}

a_program_that_is_built_again_has_not_the_names_of_the_new_one() {
	local wrong

	cp "$workloads/names_one" again && touch -d @1 again || return
	record again.dither -F 499 --budget 100 -- "$PWD/again" 1 || return
	folded again.dither && mostly_named again.dither again leaf_hot || return
	# In place: inode, size and time are the same.
	cat "$workloads/names_other" > again && touch -d @1 again || return
	folded again.dither
	wrong=$(count_where again.dither '/xold_cof|xot_leaf|xiddle|xuter|leaf_hot|;outer/')
	[ "$wrong" = 0 ] || fail "$wrong samples have names that are not theirs" || return
	grep -q 'its code is not the recorded one' again.dither.complaints ||
		fail "$(cat again.dither.complaints)"
}

# Programs that live for a moment are in the loader for most of it.
the_start_of_the_loader_is_a_programs_start() {
	local whole

	# shellcheck disable=SC2016 # sh expands them
	record start.dither -F 999 --budget 100 -- sh -c \
		'for _ in $(seq 40); do "$0" 0.02; done' \
		"$workloads/names_one" || return
	report start.dither || return
	grep -q '^ *tables  *[0-9]' start.dither.report || {
		comment 'left out: no unwind tables on this machine'
		return 0
	}
	whole=$(awk '$1 == "tables" && $2 != "in" { t = $2; all = $NF } END { print int(1000 * t / all) }' \
		start.dither.report)
	comment "$whole of 1000 user stacks by tables are whole:" \
		"$(sed -n 's/^  *\([0-9.]*\)  \(.*ld-linux.*\)/\1% lack a table in \2/p' start.dither.report)"
	[ "$whole" -ge 900 ] ||
		fail "$(sed -n '/^User stacks/,/^$/p' start.dither.report)"
}

the_duration_is_that_of_the_clocks() {
	local told cells

	record duration.dither -F 100 -a --duration 3 || return
	report duration.dither || return
	told=$(awk '$1 == "duration" { print int($2 * 1000) }' duration.dither.report)
	cells=$(ledger duration.dither cells)
	comment "--duration 3: $told ms, $cells cells of 10 ms on $(nproc) CPUs"
	[ "$told" -ge 3000 ] && [ "$told" -lt 4500 ] || fail "$told ms" || return
	[ "$cells" -ge $((295 * $(nproc))) ] || fail "$cells cells"
}

run_tests "${BASH_SOURCE[0]}"
