# SPDX-License-Identifier: BSD-2-Clause
# SignedData of every kind (RFC 5652), honest and not: made by the words of a row of verdicts.tsv.
package Cms;
use strict;
use warnings;
use Digest::MD5;
use Digest::SHA;
use Exporter qw(import);
use MIME::Base64 qw(encode_base64);
use Der;
use Keys;
use Pki;
our @EXPORT = qw(cms_files digest_by);

my %id = (data => '1.2.840.113549.1.7.1', signed => '1.2.840.113549.1.7.2', enveloped => '1.2.840.113549.1.7.3',
	ctype => '1.2.840.113549.1.9.3', digest => '1.2.840.113549.1.9.4', time => '1.2.840.113549.1.9.5',
	ess => '1.2.840.113549.1.9.16.2.12', essv2 => '1.2.840.113549.1.9.16.2.47', counter => '1.2.840.113549.1.9.6',
	stamp => '1.2.840.113549.1.9.16.2.14', content => '1.2.840.113549.1.9.16.2.20', certvalues => '1.2.840.113549.1.9.16.2.23', other => '1.3.6.1.4.1.32473.6');
sub digest_by {
	my ($md, $data) = @_;
	return Digest::MD5::md5($data) if $md eq 'md5';
	return Digest::SHA->new($md =~ s/^sha//r)->add($data)->digest if $md =~ /^sha[1-5]\d*$/;
	return run('openssl', 'dgst', "-$md", '-binary', spill('to-be-digested', $data));
}
sub attribute { my ($name, @v) = @_; return seq(oid($id{$name} // $name), set_as_is(@v)) }

# ---- signed attributes ----
sub issuer_serial { my $name = shift; return seq(seq(ctx(4, issuer_of($name))), serial($name)) }
# ess=v1|sha384|sha512|bare: how the certificate is named; name=NAME: another one.
sub ess {
	my $w = shift;
	my $of = $w->{ess_of} // $w->{signer};
	my $how = $w->{ess} // 'v2';
	my $with = $w->{ess_issuer} ? issuer_serial($w->{ess_issuer}) : $how eq 'bare' ? '' : issuer_serial($of);
	return attribute('ess', seq(seq(seq(octets(digest_by('sha1', cert($of))), $with)))) if $how eq 'v1';
	my $md = $how =~ /^sha/ ? $how : 'sha256';
	return attribute('essv2', seq(seq(seq($md eq 'sha256' ? () : digest_alg($md), octets(digest_by($md, cert($of))), $with))));
}
sub attributes {
	my ($w, $content, $md) = @_;
	my %no = map { $_ => 1 } split /,/, $w->{no} // '';
	my %twice = map { $_ => 1 } split /,/, $w->{twice} // '';
	my %of = (
		ctype => attribute('ctype', oid($w->{ctype} // $w->{econtent} // $id{data})),
		digest => attribute('digest', octets(digest_by($w->{digestby} // $md, $content))),
		time => attribute('time', time_of($w->{time} // '2026-05-01')),
		ess => ess($w),
	);
	my @out = map { $no{$_} ? () : ($of{$_}) x ($twice{$_} ? 2 : 1) } sort keys %of;
	push @out, attribute('time', time_of('2026-05-02')) if $w->{secondtime};
	push @out, attribute('ctype', oid($id{data}), oid($id{data})) if $w->{values};
	push @out, ess({ %$w, ess => $w->{alsoess}, ess_of => $w->{alsoof} }) if $w->{alsoess};
	push @out, attribute($id{other}, utf8('anything' x $w->{extra})) if $w->{extra};
	push @out, attribute('content', stamp($w, 'content', $content)) if $w->{content};
	return @out;
}

# ---- time stamps (RFC 3161) ----
# stamp=TIME over a signature value, content=TIME over the content, in what is signed (EN 319 122-1, 5.2.8); stampby,
# contentby: the TSA; stampalter, contentalter: imprint, value; stampcerts, contentcerts.
sub stamp {
	my ($w, $what, $value) = @_;
	my $tsa = $w->{"${what}by"} // 'tsa';
	my $altered = $w->{"${what}alter"} // '';
	my $info = seq(int_of(1), oid('2.25.4711.7'), seq(digest_alg('sha256'), octets(digest_by('sha256', $altered eq 'imprint' ? 'another' : $value))),
		int_of(4711), gen($w->{$what}));
	return signed_data({ signer => $tsa, econtent => '1.2.840.113549.1.9.16.1.4', certs => $w->{"${what}certs"} // "$tsa,root", no => 'time',
		alter => $altered eq 'value' ? 'value' : '' }, $info, 1);
}

# ---- one signer ----
sub signer_id { my $w = shift; my $s = $w->{sid} // $w->{signer}; return $w->{keyid} ? prim(0, key_id(cert_key($w->{signer}))) : seq(issuer_of($s), serial($s)) }
sub turned { my $s = shift; substr($s, -1) = chr(1 ^ ord substr $s, -1); return $s }
sub signer_info {
	my ($w, $content) = @_;
	my $key = cert_key($w->{signer});
	my $alg = $w->{alg} // default_alg($key);
	my ($der, $md) = alg_of($alg);
	my $named = $w->{named} ? (alg_of($w->{named}))[0] : $der;
	my $digest = $w->{md} // $md;
	my @list = ($w->{no} // '') eq 'attrs' ? () : attributes($w, $content, $digest);
	my $signed = join '', $w->{unordered} ? reverse sort @list : sort @list;
	my $signature = sign($w->{bykey} // $key, $alg, @list ? tlv(0x31, $signed) : $content);
	my $altered = $w->{alter} // '';
	$signature = turned($signature) if $altered eq 'value';
	$signature = '' if $altered eq 'novalue';
	# A day later than what was signed.
	$signed =~ s/260501000000Z/260502000000Z/ if $altered eq 'attributes';
	my @unsigned;
	push @unsigned, attribute('counter', signer_info({ signer => $w->{counter}, no => 'ctype,ess', alter => $w->{counteralter} }, $signature)) if $w->{counter};
	# EN 319 122-1, A.1.1.2: certvalues=NAME,...
	push @unsigned, attribute('certvalues', seq(list_of($w->{certvalues}, \&cert))) if $w->{certvalues};
	push @unsigned, attribute('certvalues', octets('no certificates')) if $w->{nocertvalues};
	push @unsigned, attribute('stamp', stamp($w, 'stamp', $signature)) if $w->{stamp};
	return seq(int_of($w->{keyid} ? 3 : 1), signer_id($w), digest_alg($digest, $w->{nulls} ? null : ()), @list ? tlv(0xA0, $signed) : (), $named,
		octets($signature), @unsigned ? tlv(0xA1, sort @unsigned) : ());
}

# ---- the whole ----
my $text = "Invoice 2026-001: HK\$ 1,234.00 to Wong Trading Ltd.\r\n";
sub list_of { my ($list, $make) = @_; return $list eq 'none' ? () : map { $make->($_) } split /,/, $list }
sub revocation {
	my $w = shift;
	my @out = list_of($w->{crls} // 'none', \&crl);
	# RFC 5940: other revocation information, id-ri-ocsp-response.
	push @out, ctx(1, oid('1.3.6.1.5.5.7.16.2'), $_) for list_of($w->{responses} // 'none', \&ocsp);
	return @out;
}
# The signers: this row's, and behind '+' another one's words.
sub signers {
	my ($w, $content) = @_;
	my @all = ($w, map { my %more = (%$w, split /[:,]/); \%more } split /\+/, $w->{and} // '');
	delete $all[$_]{alter} for grep { $all[$_]{alter} && $all[$_]{alter} eq 'no' } 0 .. $#all;
	return map { signer_info($_, $content) } @all;
}
sub signed_data {
	my ($w, $content, $attached) = @_;
	my $inside = ($w->{alter} // '') eq 'inside' ? $content =~ s/1,234/9,234/r : $content;
	my ($con, $wrap) = $w->{ber} ? (\&indefinite, sub { indefinite(0x24, map { octets($_) } unpack '(a16)*', shift) }) : (\&tlv, sub { octets(shift) });
	my %md = map { $_ => 1 } $w->{md} // (alg_of($w->{alg} // default_alg(cert_key($w->{signer}))))[1];
	my @certs = list_of($w->{certs} // "$w->{signer},sub", \&cert);
	my @crls = revocation($w);
	my $data = $con->(0x30, int_of(($w->{responses} // '') ? 5 : $w->{keyid} ? 3 : 1), set(map { digest_alg($_) } sort keys %md),
		$con->(0x30, oid($w->{econtent} // $id{data}), $attached ? $con->(0xA0, $wrap->($inside)) : ()),
		@certs ? $con->(0xA0, @certs) : (), @crls ? $con->(0xA1, @crls) : (), $con->(0x31, $w->{nosigner} ? () : signers($w, $content)));
	return $con->(0x30, oid($id{ $w->{type} // 'signed' }), $con->(0xA0, $data));
}
sub pem { return "-----BEGIN CMS-----\n" . encode_base64(shift) . "-----END CMS-----\n" }
# around=: what other programs put around the two parts (RFC 2046, 5.1.1; RFC 2231, 3; RFC 4155), and what is none of
# that; from=: of the header.
my %around = (
	before => sub { s/--b\r\n/This is a multipart message in MIME format.\r\n\r\n--b\r\n/ },
	behind => sub { $_ .= "______\r\nA list's footer\r\n" },
	padded => sub { s/--b\r\n/--b \t\r\n/g },
	mailbox => sub { $_ = "From wong\@trading.example Fri May  1 2026\r\n$_" },
	pieces => sub { s/boundary="b"/boundary*0="b"/ },
	disordered => sub { s/boundary="b"/boundary*1="b"/ },
	twofold => sub { s/boundary="b"/boundary*0="b"; boundary="c"/ },
	cr => sub { s/--b\r\n/x\r--c\r\n--b\r\n/ },
	third => sub { s/--b--\r\n/--b\r\n\r\nPay it twice.\r\n--b--\r\n/ },
	again => sub { $_ .= "--b\r\n\r\nPay it twice.\r\n--b--\r\n" },
	longer => sub { s/--b\r\n/--bc\r\n/ },
	named => sub { s/--b--\r\n/--b--Pay it twice.\r\n/ },
);
sub mail {
	my ($w, $part, $p7s) = @_;
	local $_ = "MIME-Version: 1.0\r\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=\"b\"\r\n\r\n--b\r\n"
		. "$part\r\n--b\r\nContent-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
		. encode_base64($p7s, "\r\n") . "\r\n--b--\r\n";
	$_ = "From: $w->{from}\r\n$_" if $w->{from};
	$around{ $w->{around} }->() if $w->{around};
	return $_;
}
# cms_files NAME WORDS: writes the files of a row, and says which of them the command names.
sub cms_files {
	my ($name, $w) = @_;
	my $form = $w->{form} // 'detached';
	$w->{signer} //= 'good';
	if ($form eq 'mail') {
		my $part = "Content-Type: text/plain\r\n\r\n$text";
		my $p7s = signed_data($w, $part, 0);
		$part =~ s/1,234/9,234/ if ($w->{alter} // '') eq 'content';
		return spill("$name.eml", mail($w, $part, $p7s));
	}
	my $attached = $form =~ /attached|opaque/;
	my $der = signed_data($w, $text, $attached);
	$der = substr($der, 0, length($der) - $w->{cut}) if $w->{cut};
	$der .= "\0" x 40 if $w->{zeros};
	$der .= 'and a million.' if $w->{tail};
	if ($form eq 'opaque') {
		return spill("$name.eml", "MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=\"smime.p7m\"\r\n"
			. "Content-Transfer-Encoding: base64\r\n\r\n" . encode_base64($der, "\r\n"));
	}
	my $out = $w->{as} // '';
	$der = pem($der) if $out eq 'pem';
	$der = encode_base64($der) if $out eq 'base64';
	my $file = spill($name . ($attached ? '.p7m' : '.p7s'), $der);
	return $file if $attached && !$w->{beside} || ($w->{file} // '') eq 'none';
	my $content = ($w->{alter} // '') eq 'content' ? $text =~ s/1,234/9,234/r : ($w->{file} // '') eq 'other' ? "something else\n"
		: ($w->{file} // '') eq 'empty' ? '' : $text;
	return (spill("$name.txt", $content), $file);
}
1;
