# SPDX-License-Identifier: BSD-2-Clause
# Certificates, CRLs and OCSP responses, made when they are first asked for, of the rows of certs.tsv and
# answers.tsv.
package Pki;
use strict;
use warnings;
use Digest::SHA;
use Exporter qw(import);
use MIME::Base64 qw(encode_base64);
use Der;
use Keys;
our @EXPORT = qw(read_pki cert cert_key subject issuer_of serial crl ocsp made_file general_names);

my (%cert, %answer, %der);
# Words behind the columns: name=value, or name alone.
sub words_of { return map { /^([^=]+)=(.*)$/ ? ($1 => $2) : ($_ => 1) } split / /, shift // '' }

sub read_rows {
	my ($path, $columns, $into, $first) = @_;
	open my $fh, '<', $path or die "$path: $!";
	while (<$fh>) {
		chomp;
		next if /^#/ || /^$/;
		my @v = split /\t/;
		my %row = (serial => $first + $., words_of($v[@$columns]));
		@row{@$columns} = @v[0 .. $#$columns];
		die "$path: $row{name} is there twice" if $into->{ $row{name} };
		$into->{ $row{name} } = \%row;
	}
	close $fh;
	return;
}
sub read_pki {
	my $folder = shift;
	read_rows("$folder/certs.tsv", [qw(name issuer from to)], \%cert, 100);
	read_rows("$folder/answers.tsv", [qw(name kind issuer this next)], \%answer, 0);
	return;
}

# ---- names ----
my %type = (C => '2.5.4.6', O => '2.5.4.10', OU => '2.5.4.11', CN => '2.5.4.3', DC => '0.9.2342.19200300.100.1.25');
# "C=HK,O=...": '_' is a blank.
sub name_of {
	my ($text, $string) = @_;
	return seq(map {
		my ($t, $v) = split /=/, $_, 2;
		$v =~ tr/_/ /;
		set(seq(oid($type{$t}), $t eq 'C' ? printable($v) : $t eq 'DC' ? ia5($v) : $string->($v)))
	} split /,/, $text);
}
sub row { my $name = shift; return $cert{$name} // die "no certificate $name" }
sub subject {
	my $r = row(shift);
	return seq() if ($r->{subject} // '') eq 'none';
	return name_of($r->{subject} // "C=HK,O=Example_Trading,CN=$r->{name}", ($r->{string} // '') eq 'printable' ? \&printable : \&utf8);
}
sub issuer_of { my $r = row(shift); return $r->{named} ? name_of($r->{named}, \&utf8) : subject($r->{issuer}) }
# serial=NUMBER; hex=BYTES: its content as it is.
sub serial { my $r = row(shift); return $r->{hex} ? tlv(0x02, pack 'H*', $r->{hex}) : int_of($r->{serial}) }
sub is_ca { my $r = shift; return exists $r->{ca} }
sub cert_key { my $r = row(shift); return $r->{key} // (is_ca($r) ? "p256.$r->{name}" : 'p256.user') }

# ---- extensions ----
# dns:, email:, uri:, dir:, ip: (in hex)
sub general_name {
	my ($kind, $v) = split /:/, shift, 2;
	return prim(1, $v) if $kind eq 'email';
	return prim(2, $v) if $kind eq 'dns';
	return prim(6, $v) if $kind eq 'uri';
	return prim(7, pack 'H*', $v) if $kind eq 'ip';
	return ctx(4, name_of($v =~ tr{/}{,}r, \&utf8));
}
sub general_names { return map { general_name($_) } split /;/, shift }
my %ku = (ds => 0, nr => 1, ke => 2, de => 3, ka => 4, cs => 5, crl => 6);
my %eku = (server => '1.3.6.1.5.5.7.3.1', client => '1.3.6.1.5.5.7.3.2', code => '1.3.6.1.5.5.7.3.3', mail => '1.3.6.1.5.5.7.3.4',
	stamp => '1.3.6.1.5.5.7.3.8', ocsp => '1.3.6.1.5.5.7.3.9', any => '2.5.29.37.0', document => '1.3.6.1.5.5.7.3.36');
# Bits by their numbers, the shortest way (X.690, 11.2.2).
sub named_bits {
	my @n = sort { $a <=> $b } @_;
	my @b = (0) x (1 + int $n[-1] / 8);
	$b[ $_ >> 3 ] |= 128 >> ($_ & 7) for @n;
	return bits(pack('C*', @b), 7 - ($n[-1] & 7));
}
sub policies { return seq(map { seq(oid($_ eq 'any' ? '2.5.29.32.0' : "2.25.4711.$_")) } split /,/, shift) }
sub subtrees { return map { seq($_) } general_names(shift) }
my $off = sub { my ($n, $v) = @_; return prim($n, chr $v) };
my %ext = (
	ku => ['2.5.29.15', 1, sub { named_bits(map { $ku{$_} } split /,/, shift) }],
	eku => ['2.5.29.37', 0, sub { seq(map { oid($eku{$_} // $_) } split /,/, shift) }],
	policy => ['2.5.29.32', 0, \&policies],
	san => ['2.5.29.17', 0, sub { seq(general_names(shift)) }],
	map => ['2.5.29.33', 1, sub { seq(map { seq(map { oid("2.25.4711.$_") } split /:/) } split /,/, shift) }],
	require => ['2.5.29.36', 1, sub { seq($off->(0, shift)) }],
	nomap => ['2.5.29.36', 1, sub { seq($off->(1, shift)) }],
	noany => ['2.5.29.54', 1, sub { int_of(shift) }],
	permit => ['2.5.29.30', 1, sub { seq(ctx(0, subtrees(shift))) }],
	exclude => ['2.5.29.30', 1, sub { seq(ctx(1, subtrees(shift))) }],
	dp => ['2.5.29.31', 0, sub { seq(seq(ctx(0, ctx(0, general_names(shift))))) }],
	dpby => ['2.5.29.31', 0, sub { my $ca = shift; seq(seq(ctx(2, ctx(4, subject($ca))))) }],
	quiet => ['1.3.6.1.4.1.32473.8', 0, sub { null }],
	strange => ['1.3.6.1.4.1.32473.3', 1, sub { null }],
	ocspnocheck => ['1.3.6.1.5.5.7.48.1.5', 0, sub { null }],
);
sub extension { my ($id, $critical, $value) = @_; return seq(oid($id), $critical ? bool(1) : (), octets($value)) }
sub extensions {
	my ($r, $ca) = @_;
	my @out;
	push @out, extension('2.5.29.19', 1, seq($r->{ca} eq 'no' ? () : bool(1), $r->{ca} =~ /^\d+$/ && $r->{ca} < 1 || $r->{ca} =~ /^len(\d+)$/
		? int_of($1 // 0) : ())) if is_ca($r) && $r->{ca} ne 'absent';
	my %have = (ku => is_ca($r) ? 'cs,crl' : 'ds,nr', %$r);
	delete $have{ku} if $have{ku} eq 'none';
	for my $k (sort grep { defined $ext{$_} } keys %have) {
		my ($id, $critical, $make) = @{ $ext{$k} };
		$critical = 1 if ($r->{critical} // '') eq $k;
		push @out, (extension($id, $critical, $make->($have{$k}))) x (($r->{twice} // '') eq $k ? 2 : 1);
	}
	push @out, extension('2.5.29.14', 0, octets(key_id(cert_key($r->{name}))));
	push @out, extension('2.5.29.35', 0, seq(prim(0, key_id(cert_key($ca))))) if !exists $r->{noakid} && $ca ne $r->{name};
	return ctx(3, seq(@out));
}

# ---- certificates ----
# BIT STRING with one bit of the signature turned.
sub turned { my $s = shift; substr($s, -1) = chr(1 ^ ord substr $s, -1); return $s }
sub signed {
	my ($tbs, $key, $alg, $bad) = @_;
	my $sig = sign($key, $alg, $tbs);
	return seq($tbs, (alg_of($alg))[0], bits($bad ? turned($sig) : $sig));
}
sub cert {
	my $name = shift;
	return $der{$name} if $der{$name};
	my $r = row($name);
	my $by = $r->{signedby} // $r->{issuer};
	my $key = cert_key($by);
	my $alg = $r->{alg} // default_alg($key);
	my $tbs = seq($r->{v1} ? () : ctx(0, int_of(2)), serial($name), (alg_of($alg))[0], issuer_of($name),
		seq(time_of($r->{from}), time_of($r->{to})), subject($name), spki_of(cert_key($name)), $r->{v1} ? () : extensions($r, $by));
	return $der{$name} = signed($tbs, $key, $alg, $r->{badsig});
}

# ---- CRLs ----
sub answer { my ($name, $kind) = @_; my $r = $answer{$name}; return $r && $r->{kind} eq $kind ? $r : die "no $kind $name" }
my %reason = (key => 1, ca => 2, moved => 3, superseded => 4, ceased => 5, hold => 6, remove => 8);
# "good@2026-04-01/key;other@..."
sub entries {
	my $list = shift // '';
	return map {
		my ($who, $when, $why) = m{^([\w-]+)@([^/]+)(?:/(\w+))?$} or die "entry $_";
		[$who, $when, $why]
	} split /;/, $list;
}
sub idp {
	my $r = shift;
	my %is = map { $_ => 1 } split /,/, $r->{only} // '';
	return seq($r->{point} ? ctx(0, ctx(0, general_names($r->{point}))) : (), $is{user} ? $off->(1, 255) : (),
		$is{ca} ? $off->(2, 255) : (), $is{key} ? prim(3, "\6\x40") : (), $is{indirect} ? $off->(4, 255) : ());
}
sub crl {
	my $name = shift;
	return $der{"crl $name"} if $der{"crl $name"};
	my $r = answer($name, 'crl');
	my $key = cert_key($r->{by} // $r->{issuer});
	my $alg = $r->{alg} // default_alg($key);
	my @list = map {
		my ($who, $when, $why) = @$_;
		seq(serial($who), time_of($when), $why ? seq(extension('2.5.29.21', 0, enum($reason{$why}))) : ())
	} entries($r->{revoked});
	# CRL entries of another CA (5.3.3).
	push @list, seq(serial($r->{foreign}), time_of('2026-04-10'), seq(extension('2.5.29.29', 1, seq(ctx(4, issuer_of($r->{foreign}))))))
		if $r->{foreign};
	push @list, seq(int_of(9999), time_of('2026-04-10'), seq(extension('1.3.6.1.4.1.32473.7', 1, null))) if $r->{strangeentry};
	my @ext = (extension('2.5.29.35', 0, seq(prim(0, key_id($key)))), extension('2.5.29.20', 0, int_of($r->{number} // 7)));
	push @ext, extension('2.5.29.27', 1, int_of($r->{base})) if $r->{base};
	push @ext, extension('2.5.29.28', 1, idp($r)) if $r->{only} || $r->{point};
	push @ext, extension('1.3.6.1.4.1.32473.4', 1, null) if $r->{strange};
	my $tbs = seq(int_of(1), (alg_of($alg))[0], subject($r->{issuer}), time_of($r->{this}), $r->{next} eq '-' ? () : time_of($r->{next}),
		@list ? seq(@list) : (), ctx(0, seq(@ext)));
	return $der{"crl $name"} = signed($tbs, $key, $alg, $r->{badsig});
}

# ---- OCSP (RFC 6960, 4.2.1) ----
sub cert_id {
	my ($md, $about, $issuer) = @_;
	my $h = Digest::SHA->new($md =~ s/\D//gr)->add(subject($issuer))->digest;
	# The key's hash is over the BIT STRING's content, as key_id's, which is SHA-1.
	my $k = $md eq 'sha1' ? key_id(cert_key($issuer)) : Digest::SHA->new(256)->add(substr spki_of(cert_key($issuer)), -65)->digest;
	return seq(digest_alg($md, null), octets($h), octets($k), serial($about));
}
sub status {
	my $r = shift;
	my ($what, $when, $why) = $r->{status} =~ m{^(\w+)(?:@([^/]+)(?:/(\w+))?)?$};
	return $what eq 'good' ? prim(0, '') : $what eq 'unknown' ? prim(2, '') : ctx(1, gen($when), $why ? ctx(0, enum($reason{$why})) : ());
}
sub ocsp {
	my $name = shift;
	return $der{"ocsp $name"} if $der{"ocsp $name"};
	my $r = answer($name, 'ocsp');
	return $der{"ocsp $name"} = seq(enum($r->{refusal})) if $r->{refusal};
	my $by = $r->{by} // $r->{issuer};
	my $key = cert_key($by);
	my $alg = $r->{alg} // default_alg($key);
	my $single = seq(cert_id($r->{id} // 'sha1', $r->{about}, $r->{issuer}), status($r), gen($r->{this}), $r->{next} eq '-' ? () : ctx(0, gen($r->{next})),
		$r->{strange} ? ctx(1, seq(extension('1.3.6.1.4.1.32473.5', 1, null))) : ());
	my $data = seq(ctx(2, octets(key_id($key))), gen($r->{this}), seq($single));
	my $sig = sign($key, $alg, $data);
	my $basic = seq($data, (alg_of($alg))[0], bits($r->{badsig} ? turned($sig) : $sig), $by eq $r->{issuer} ? () : ctx(0, seq(cert($by))));
	return $der{"ocsp $name"} = seq(enum(0), ctx(0, seq(oid('1.3.6.1.5.5.7.48.1.1'), octets($basic))));
}

# ---- files ----
# made_file NAME.pem, .der, .crl or .ocsp: made when it is one of ours.
sub made_file {
	my $file = shift;
	my ($name, $how) = $file =~ /^([\w-]+)\.(pem|der|crl|ocsp)$/ or return;
	return if -s $file;
	return spill($file, "-----BEGIN CERTIFICATE-----\n" . encode_base64(cert($name)) . "-----END CERTIFICATE-----\n") if $how eq 'pem';
	return spill($file, $how eq 'der' ? cert($name) : $how eq 'crl' ? crl($name) : ocsp($name));
}
1;
