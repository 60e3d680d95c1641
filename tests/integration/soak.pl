#!/usr/bin/perl
# SPDX-License-Identifier: BSD-2-Clause
# Makes one line of what the soak's processes said: `soak signatures=N lost=N wrong=N maxmin=R p99_ms=M`.
use strict;
use warnings;

my (%sum, @served, @waits);
while (<>) {
	if (/^process signatures=(\d+) lost=(\d+) wrong=(\d+)/) {
		push @served, $1;
		$sum{signatures} += $1;
		$sum{lost}       += $2;
		$sum{wrong}      += $3;
	} elsif (/^wait (\d+)/) {
		push @waits, $1;
	}
}
die "no process said anything\n" unless @served && @waits;
@served = sort { $a <=> $b } @served;
@waits  = sort { $a <=> $b } @waits;
my $ratio = $served[0] ? $served[-1] / $served[0] : 999;
printf "soak signatures=%d lost=%d wrong=%d maxmin=%.2f p99_ms=%.1f processes=%d\n",
    @sum{qw(signatures lost wrong)}, $ratio, $waits[ int($#waits * 0.99) ] / 1000, scalar @served;
