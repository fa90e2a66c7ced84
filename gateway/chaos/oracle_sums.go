package chaos

import (
	"regexp"
	"strings"
)

// What is judged over all people together: codes, budgets, runs.

// codeForm is what codes look like that are for one person only.
var codeForm = regexp.MustCompile(`\b[A-Z]+-\d{5}\b`)

// codes: no code is on two people's phones, or in two gifts (I5).
func (o *Oracle) codes(p *Person) {
	mine := map[string]bool{}
	for _, g := range p.Got {
		for _, code := range codeForm.FindAllString(g.Text, -1) {
			mine[code] = true
		}
	}
	gifts := map[string]int{}
	for _, e := range p.entries(kindOffered) {
		if code, _ := e.Detail["code"].(string); codeForm.MatchString(code) {
			mine[code] = true
			if gifts[code]++; gifts[code] > 1 {
				o.Doubled++
				o.find("I5", p, "the code %s was given twice", code)
			}
		}
	}
	for code := range mine {
		if other, taken := o.owner[code]; taken {
			o.Doubled++
			o.find("I5", p, "the code %s went to %s, too", code, other)
		}
		o.owner[code] = p.Phone
	}
}

// gave counts what the customer was given.
func (o *Oracle) gave(p *Person) {
	for _, e := range p.entries(kindOffered) {
		o.gifts[e.Offer]++
	}
}

// budgets: no more of an offer was given than there is, and all that was taken from the stock was given (I5).
func (o *Oracle) budgets(h *History) {
	for _, x := range h.Offers {
		n := o.gifts[x.ID]
		switch {
		case x.Budget > 0 && n > x.Budget:
			o.find("I5", nil, "the offer %s was given %d times of %d", x.ID, n, x.Budget)
		case o.Unjudged > 0: // what they were given is missing in the sum
			continue
		case (x.Budget > 0 || x.CodesLeft != nil) && n != x.Given:
			o.find("I5", nil, "the offer %s is called given %d times, and the ledgers have %d", x.ID, x.Given, n)
		}
		if x.CodesLeft != nil && *x.CodesLeft+n != int64(h.Codes[x.ID]) {
			o.find("I5", nil, "of the %d codes of %s, %d were given and %d are left", h.Codes[x.ID], x.ID, n, *x.CodesLeft)
		}
	}
}

// of is the place of a run.
func (o *Oracle) of(run string) *place {
	if o.places[run] == nil {
		o.places[run] = &place{}
	}
	return o.places[run]
}

// placed counts where in its runs the customer is.
func (o *Oracle) placed(p *Person) {
	queued, seen := p.queued(), map[string]bool{}
	for _, g := range p.Got {
		if e := queued[g.Message]; e.Class == classAd && !seen[g.Message] {
			seen[g.Message] = true
			o.of(e.Run).shown++
		}
	}
	for id := range p.unknown() {
		if e := queued[id]; e.Class == classAd && seen[id] {
			o.of(e.Run).unknown++
		}
	}
	for run, yes := range p.waits() {
		if yes {
			o.of(run).waiting++
		}
	}
}

// runs: everybody in a run's audience is in exactly one place, and "sent" is what the phones show (I11).
func (o *Oracle) runs(h *History) {
	for _, r := range h.Runs {
		if r.Missing {
			o.Lost++
			o.find("I1", nil, "the run %s was acknowledged and is not there", r.ID)
			continue
		}
		o.reached(r)
		c := r.Counts
		if sum := c["queued"] + c["held"] + c["sent"] + c["failed"] + c["excluded"]; sum != c["audience"] {
			o.find("I11", nil, "the run %s: %d in the audience, and %d in %v", r.ID, c["audience"], sum, c)
		}
		if o.Unjudged > 0 {
			continue // their places in it are not known
		}
		at := o.of(r.ID)
		if c["queued"] != 0 || c["held"] != at.waiting {
			o.find("I11", nil, "the run %s: %d queued and %d held, and it waits for %d", r.ID, c["queued"], c["held"], at.waiting)
		}
		if c["sent"] > at.shown || c["sent"]+at.unknown < at.shown {
			o.find("I11", nil, "the run %s says that %d were sent, and the phones show %d", r.ID, c["sent"], at.shown)
		}
	}
}

// invited remembers which runs came to a customer who was known and never opted out.
func (o *Oracle) invited(p *Person) {
	if p.Gone || p.Unread || p.Group == "" || p.Known.IsZero() || len(p.entries(kindSuppressed)) > 0 {
		return
	}
	g := guest{phone: p.Phone, group: p.Group, known: p.Known, runs: map[string]bool{}}
	for _, e := range p.Ledger {
		if e.Run != "" {
			g.runs[strings.Clone(e.Run)] = true
		}
	}
	o.guests = append(o.guests, g)
}

// reached: a run that was acknowledged came to everybody whom it is for: those of its group who were known before it
// began, and who never opted out, of whom the ledgers say whether they were asked.
func (o *Oracle) reached(r Firing) {
	if r.Group == "" {
		return
	}
	for _, g := range o.guests {
		if g.group == r.Group && g.known.Before(r.Asked) && !g.runs[r.ID] {
			o.Lost++
			o.Findings = append(o.Findings, Finding{Law: "I1", Phone: g.phone, What: "the run " + r.ID + " never came to them"})
		}
	}
}
