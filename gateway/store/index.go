package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// The index of audiences. Each contact of a partition has a number, and each term a string of bits: that at a contact's
// number says whether the term is true of them. What terms there are, and what their names hide, others know.

// NumberField is the contact's field that has its number in the index of its partition, as Index.Numbered writes it.
const NumberField = "n"

// Index is what a partition's index says of itself.
type Index struct {
	Next  int64             // the number of the next contact that comes
	Since int64             // the owner that began it: numbers that an earlier index gave are none in this one
	Kept  int64             // the last owner that has kept it, by the number of its lease: whoever takes a lease from one that kept it does
	Form  string            // how contacts were turned into terms
	Whole bool              // every contact is in it
	After string            // where it is being built: the last contact that is in it
	Terms map[string]string // name -> name of its subject, see SubjectName
	Owner int64             // the partition's newest owner, by the number of its lease
}

// Numbered is how a contact's number is kept.
func (x Index) Numbered(n int64) string {
	return strconv.FormatInt(x.Since, 10) + ":" + strconv.FormatInt(n, 10)
}

// ContactNumber reads the field: the number, and since when the index is there that gave it.
func ContactNumber(field string) (since, n int64, ok bool) {
	first, second, _ := strings.Cut(field, ":")
	since, err := strconv.ParseInt(first, 10, 64)
	n, err2 := strconv.ParseInt(second, 10, 64)
	return since, n, err == nil && err2 == nil && n >= 0
}

// Number is that of a contact which has the field; ok is false where this index has given it none.
func (x Index) Number(field string) (n int64, ok bool) {
	since, n, ok := ContactNumber(field)
	return n, ok && since == x.Since && n < x.Next
}

// Trusted reports whether the index says all there is to say, in the form: whoever owned the partition since it was built
// has kept it.
func (x Index) Trusted(form string) bool { return x.Whole && x.Form == form && x.Kept == x.Owner }

// Number is that of the lease among those of its partition: each owner's is one more than the one's before.
func (l Lease) Number() int64 {
	number, _ := strconv.ParseInt(l.Token[strings.LastIndexByte(l.Token, '#')+1:], 10, 64) // that of no lease is 0
	return number
}

// TermName is the keyed hash under which a term stands in an index: what somebody's facts are does not outlive them as the
// name of a key. secret is this installation's.
func TermName(secret, subject, value string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(subject + "\x00" + value)) //nolint:errcheck // a hash never fails
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:8])
}

// SubjectName is the keyed hash under which a subject stands in an index: the name of a fact may tell of somebody, too.
func SubjectName(secret, subject string) string { return TermName(secret, subject, "") }

// IndexForm says how contacts are turned into terms, and terms into names: an index of another form is built anew, as after
// a change of the secret.
func IndexForm(secret string) string { return TermName(secret, "form", "3") }

// Indexes reads what the indexes of partitions say of themselves.
func (s *Store) Indexes(ctx context.Context, partitions []int) ([]Index, error) {
	p := s.rdb.Pipeline()
	heads, terms := make([]*redis.MapStringStringCmd, len(partitions)), make([]*redis.MapStringStringCmd, len(partitions))
	owners := make([]*redis.StringCmd, len(partitions))
	for i, part := range partitions {
		owners[i], heads[i], terms[i] = p.Get(ctx, epochKey(part)), p.HGetAll(ctx, indexKey(part)), p.HGetAll(ctx, indexTermsKey(part))
	}
	if err := exec(ctx, p, "reading indexes"); err != nil {
		return nil, err
	}
	out := make([]Index, len(partitions))
	for i := range partitions {
		h := heads[i].Val()
		number := func(s string) int64 { n, _ := strconv.ParseInt(s, 10, 64); return n }
		out[i] = Index{Next: number(h["next"]), Since: number(h["since"]), Kept: number(h["kept"]), Form: h["form"], Whole: h["whole"] == "1", After: h["after"], Terms: terms[i].Val(), Owner: number(owners[i].Val())}
	}
	return out, nil
}

// IndexBits reads the bits of terms, by their names, of each partition: names[i] are those wanted of partition i. A string
// ends behind its last one.
func (s *Store) IndexBits(ctx context.Context, names [][]string) ([]map[string]string, error) {
	p := s.rdb.Pipeline()
	cmds := make([][]*redis.StringCmd, len(names))
	for part, of := range names {
		for _, name := range of {
			cmds[part] = append(cmds[part], p.Get(ctx, indexBitsKey(part, name)))
		}
	}
	if err := exec(ctx, p, "reading an index"); err != nil {
		return nil, err
	}
	out := make([]map[string]string, len(names))
	for part, of := range names {
		out[part] = make(map[string]string, len(of))
		for i, name := range of {
			out[part][name] = cmds[part][i].Val()
		}
	}
	return out, nil
}

// IndexChange is one contact's place in a term that changes.
type IndexChange struct {
	Number int64
	True   bool
}

// Index changes the bits of a term.
func (b *Batch) Index(name string, changes []IndexChange) {
	k := indexBitsKey(b.lease.Partition, name)
	for len(changes) > 0 { // in their order: those that come one after the other and are alike go together
		c, n := cmdCLEARBITS, slices.IndexFunc(changes, func(x IndexChange) bool { return x.True != changes[0].True })
		if changes[0].True {
			c = cmdSETBITS
		}
		if n < 0 {
			n = len(changes)
		}
		places := make([]any, n)
		for i, x := range changes[:n] {
			places[i] = x.Number
		}
		b.writeMany(c, k, places)
		changes = changes[n:]
	}
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// IndexTerm makes a term known, by its name and that of its subject.
func (b *Batch) IndexTerm(name, subject string) {
	b.member(cmdHSET, indexTermsKey(b.lease.Partition), name, name, subject)
}

// IndexHead writes what the index says of itself. Its terms and its owner stand elsewhere.
func (b *Batch) IndexHead(x Index) {
	b.write(cmdHSET, indexKey(b.lease.Partition), "next", x.Next, "since", x.Since, "kept", x.Kept, "form", x.Form, "whole", bit(x.Whole), "after", x.After)
}

// IndexNext writes the number of the next contact.
func (b *Batch) IndexNext(n int64) { b.write(cmdHSET, indexKey(b.lease.Partition), "next", n) }

// NumberContact gives a contact that is there its number.
func (b *Batch) NumberContact(id string, x Index, n int64) {
	b.write(cmdHSET, contactKey(b.lease.Partition, id), NumberField, x.Numbered(n))
}

// LumpIndex makes one term of all those of a subject, by their names: into has the bits of any of them.
func (b *Batch) LumpIndex(subject, into string, bits []byte, names []string) {
	for _, name := range names {
		b.write(cmdDEL, indexBitsKey(b.lease.Partition, name))
		b.member(cmdHDEL, indexTermsKey(b.lease.Partition), name, name)
	}
	b.write(cmdSET, indexBitsKey(b.lease.Partition, into), bits)
	for _, name := range []string{into, subject} {
		b.member(cmdHSET, indexTermsKey(b.lease.Partition), name, name, subject)
	}
}

// Lumped reports of a subject, by its name, whether its values are one term: it stands among the terms by its own name.
func (x Index) Lumped(subject string) bool {
	_, lumped := x.Terms[subject]
	return lumped
}

// ForgetIndex takes all terms out of the index, by their names.
func (b *Batch) ForgetIndex(names []string) {
	for _, name := range names {
		b.write(cmdDEL, indexBitsKey(b.lease.Partition, name))
	}
	b.write(cmdDEL, indexTermsKey(b.lease.Partition))
}
