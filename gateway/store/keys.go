package store

import (
	"hash/fnv"
	"strconv"
	"strings"
)

const (
	metaKey     = "{hoidap}:meta"
	replicasKey = "{hoidap}:replicas"
	accountsKey = "{hoidap}:accounts"
)

// key is a key of partition p: {pNN}:name.
func key(p int, name string) string { return "{p" + two(p) + "}:" + name }

// two is p in two digits, or as many as it has. There is nothing to be made for the first hundred, which are all that most have.
func two(p int) string {
	const digits = "00010203040506070809" + "10111213141516171819" + "20212223242526272829" + "30313233343536373839" + "40414243444546474849" +
		"50515253545556575859" + "60616263646566676869" + "70717273747576777879" + "80818283848586878889" + "90919293949596979899"
	if p < len(digits)/2 {
		return digits[2*p : 2*p+2]
	}
	return strconv.Itoa(p)
}

func leaseKey(p int) string            { return key(p, "lease") }
func epochKey(p int) string            { return key(p, "epoch") }
func logKey(p int) string              { return key(p, "log") }
func bulkKey(p int) string             { return key(p, "bulk") }
func forwardKey(p int) string          { return key(p, "forward") }
func deadKey(p int) string             { return key(p, "dead") }
func turnKey(p int) string             { return key(p, "turn") }
func seenKey(p int, week int64) string { return key(p, "seen:"+strconv.FormatInt(week, 10)) }
func replyLinksKey(p int, turn int64) string {
	return key(p, "links:"+strconv.FormatInt(turn, 10))
}
func addressesKey(p int) string  { return key(p, "addresses") }
func contactsKey(p int) string   { return key(p, "contacts") }
func timersKey(p int) string     { return key(p, "timers") }
func suppressedKey(p int) string { return key(p, "suppressed") }
func inboxKey(p int) string      { return key(p, "inbox") }
func inboxOfKey(p int, reason string) string {
	return key(p, "inbox:of:"+reason)
}
func inboxItemsKey(p int) string          { return key(p, "inbox:items") }
func bodiesKey(p int) string              { return key(p, "out:bodies") }
func sendingKey(p int) string             { return key(p, "out:sending") }
func blockedKey(p int) string             { return key(p, "out:blocked") }
func schedulesKey(p int) string           { return key(p, "schedules") }
func offersGivenKey(p int) string         { return key(p, "offers:given") }
func runsKey(p int) string                { return key(p, "runs") }
func givenInKey(p int, week int64) string { return key(p, "offers:given:"+strconv.FormatInt(week, 10)) }
func outKey(p int, account string) string { return "{p" + two(p) + "}:out:due:" + account }
func parkedKey(p int, account, run string) string {
	return key(p, "out:parked:"+account+":"+run)
}
func indexKey(p int) string      { return key(p, "index") }
func indexTermsKey(p int) string { return key(p, "index:terms") }
func indexBitsKey(p int, name string) string {
	return "{p" + two(p) + "}:index:of:" + name
}
func contactKey(p int, id string) string { return "{p" + two(p) + "}:contact:" + id }
func ledgerKey(p int, id string) string  { return "{p" + two(p) + "}:ledger:" + id }
func runKey(p int, run string) string    { return "{p" + two(p) + "}:run:" + run }
func answerKey(p int, event string) string {
	return key(p, "answer:"+event)
}
func vaultKey(account string) string { return "{vault:" + account + "}:tokens" }
func consentKey(account, state string) string {
	return "{vault:" + account + "}:consent:" + state
}
func tellKey(p int, endpoint string) string { return key(p, "webhooks:due:"+endpoint) }
func tellBodiesKey(p int) string            { return key(p, "webhooks:bodies") }
func tellLostKey(p int) string              { return key(p, "webhooks:lost") }
func endpointKey(name string) string        { return "{webhook:" + name + "}:state" }
func attemptsKey(name string) string        { return "{webhook:" + name + "}:attempts" }
func ignoredKey(account string) string      { return "{ignored:" + account + "}:calls" }
func seenByKey(account string) string       { return "{health:" + account + "}:seen" }
func toldKey(account string) string         { return "{health:" + account + "}:told" }
func whoseTurnKey(account, what string) string {
	return "{health:" + account + "}:turn:" + what
}
func sessionKey(account, name string) string {
	return "{session:" + account + "}:" + name
}

// rateKey is where the limiter, which puts the first word before all its keys, keeps an account's pace.
func rateKey(account string) string    { return "rate:{" + account + "}" }
func givenKey(offer string) string     { return "{offer:" + offer + "}:given" }
func poolCodesKey(pool string) string  { return "{pool:" + pool + "}:codes" }
func poolKnownKey(pool string) string  { return "{pool:" + pool + "}:known" }
func poolClaimsKey(pool string) string { return "{pool:" + pool + "}:claims" }

// PartitionOf is the partition of an address: where a contact whose home it is lives.
func (s *Store) PartitionOf(address string) int {
	h := fnv.New32a()
	h.Write([]byte(address)) //nolint:errcheck // a hash never fails
	return int(h.Sum32() % uint32(s.partitions))
}

// ContactID makes the id of a new contact in partition p. The id says which partition the contact lives in.
func ContactID(p int, unique string) string { return "c" + strconv.Itoa(p) + "-" + unique }

// PartitionOfContact reads the partition from a contact's id, or from the id of one of its messages.
func (s *Store) PartitionOfContact(id string) (int, bool) {
	number, _, ok := strings.Cut(strings.TrimPrefix(id, "c"), "-")
	if !ok || !strings.HasPrefix(id, "c") {
		return 0, false
	}
	p, err := strconv.Atoi(number)
	if err != nil || p < 0 || p >= s.partitions {
		return 0, false
	}
	return p, true
}
