# SPDX-License-Identifier: GPL-2.0
# Calls, regular expressions, hashes, sorting. Usage: script.pl ROUNDS
use strict;

sub fibonacci {
	my $n = shift;
	return $n < 2 ? $n : fibonacci($n - 1) + fibonacci($n - 2);
}

for (1 .. shift) {
	my (%words, $sum);
	fibonacci(14);
	$words{ $_ % 500 } .= "x$_" for 1 .. 5000;
	my $text = join ',', map { "$_=$words{$_}" } sort keys %words;
	$sum += $1 while $text =~ /x(\d+)5/g;
	$text =~ s/(\d+)=/sprintf '%04x', $1/ge;
	print length $text, " $sum\n";
}
