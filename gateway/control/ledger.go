package control

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/preferences"
	"github.com/hoidap/hoidap/preferences/address"
)

// ledgerLook is how many steps are looked through at first for the place where a page ended: so many may have come since.
const ledgerLook = 64

// ledgerPlace is where a page of a ledger ended. Steps are counted from the newest on, which moves as new ones come: the mark,
// which is made of the step's bytes, finds it again.
type ledgerPlace struct {
	step int    // from 1 on
	done int    // entries of it that were given, from its end on
	mark string // 10 hexadecimal digits
}

func (p ledgerPlace) String() string { return fmt.Sprintf("%d.%d.%s", p.step, p.done, p.mark) }

func readLedgerPlace(cursor string) (p ledgerPlace, err error) {
	if cursor == "" {
		return p, nil
	}
	n, err := fmt.Sscanf(cursor, "%d.%d.%10s", &p.step, &p.done, &p.mark)
	if err != nil || n != 3 || p.String() != cursor || len(p.mark) != 10 || p.step < 1 || p.done < 1 {
		return p, errCursor
	}
	return p, nil
}

func ledgerMark(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:5])
}

// LedgerPage implements Contacts.
func (s *Service) LedgerPage(ctx context.Context, id, cursor string, n int) ([]preferences.Entry, string, error) {
	at, err := readLedgerPlace(cursor)
	if err != nil {
		return nil, "", err
	}
	vs, err := s.views(ctx, []string{id})
	switch {
	case err != nil:
		return nil, "", err
	case len(vs) == 0:
		return nil, "", notFound("contact", id)
	}
	if at.step > 0 {
		if at.step, err = s.ledgerStep(ctx, id, at); err != nil || at.step == 0 {
			return nil, "", err // cleared away since
		}
	}
	newest := max(at.step, 1)
	raw, err := s.Store.LedgerSteps(ctx, id, newest, newest+n+1) // the first may be done, and the last says whether there is more
	if err != nil {
		return nil, "", away(err)
	}
	page, next := ledgerPageOf(raw, newest, at.done, n)
	return masked(ctx, page), next, nil
}

// masked hides, from those who need not know, the addresses in entries that were read for them: of links and merges the ledger
// keeps the proved address whole, as proof.
func masked(ctx context.Context, entries []preferences.Entry) []preferences.Entry {
	if access.Of(ctx).Role >= access.Agent {
		return entries
	}
	for _, e := range entries {
		also, ok := e.Detail["also"].(string)
		if a, err := address.Parse(also); ok && err == nil { // one that cannot be read is masked already
			e.Detail["also"] = a.Mask()
		}
	}
	return entries
}

// ledgerStep is where a step stands by now; 0: it is gone.
func (s *Service) ledgerStep(ctx context.Context, id string, at ledgerPlace) (int, error) {
	for from, look := at.step, ledgerLook; ; from, look = from+look, 2*look {
		raw, err := s.Store.LedgerSteps(ctx, id, from, from+look-1)
		if err != nil {
			return 0, away(err)
		}
		for i, b := range slices.Backward(raw) {
			if ledgerMark(b) == at.mark {
				return from + len(raw) - 1 - i, nil
			}
		}
		if len(raw) < look {
			return 0, nil
		}
	}
}

// ledgerPageOf takes the newest n entries of steps, oldest first, of which the newest stands at newest and has had some of its entries
// given already.
func ledgerPageOf(raw [][]byte, newest, done, n int) (page []preferences.Entry, next string) {
	for i, b := range slices.Backward(raw) {
		step := readLedger([][]byte{b})
		left := len(step)
		if i == len(raw)-1 {
			left = max(0, left-done)
		}
		take := min(left, n-len(page))
		page = append(slices.Clone(step[left-take:left]), page...)
		if len(page) < n {
			continue
		}
		if take < left || i > 0 {
			next = ledgerPlace{newest + len(raw) - 1 - i, len(step) - left + take, ledgerMark(b)}.String()
		}
		return page, next
	}
	return page, ""
}
