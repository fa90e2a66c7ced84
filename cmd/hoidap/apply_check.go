package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/hoidap/hoidap/campaigns/files"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/preferences/address"
)

// check refuses what could not be put in force, before anything is begun: it goes through the steps as they will be done.
func (p plan) check(theirs shelf, channels []address.Channel) error {
	texts, waiting := maps.Clone(theirs.inForce), []step{}
	for _, x := range p.steps {
		if x.what == removes {
			continue
		}
		if why := control.WhyNoFile(x.name, x.text); why != "" {
			return exitError{exitUsage, fmt.Errorf("%s: %s", x.name, why)}
		}
		waiting = append(waiting, x)
	}
	for len(waiting) > 0 {
		var left []step
		var first error
		for _, x := range waiting {
			before, was := texts[x.name]
			texts[x.name] = x.text
			if err := mistakesIn(texts, channels); err != nil {
				left, first = append(left, x), cmp.Or(first, err)
				if delete(texts, x.name); was {
					texts[x.name] = before
				}
			}
		}
		if len(left) == len(waiting) {
			return cmp.Or(p.together(texts, left, channels), first)
		}
		waiting = left
	}
	for _, x := range p.steps {
		if x.what == removes {
			delete(texts, x.name)
			if err := mistakesIn(texts, channels); err != nil {
				return err
			}
		}
	}
	return nil
}

// together says what is wrong with all steps at once; nil: only that none of them can be the first.
func (p plan) together(texts map[string]string, left []step, channels []address.Channel) error {
	whole := maps.Clone(texts)
	for _, x := range left {
		whole[x.name] = x.text
	}
	for _, x := range p.steps {
		if x.what == removes {
			delete(whole, x.name)
		}
	}
	if err := mistakesIn(whole, channels); err != nil {
		return err
	}
	return exitError{exitUsage, fmt.Errorf("%s cannot be put in force one after the other: what moves from one file to another is taken out of the one first, and applied, and then put into the other", namesOf(left))}
}

func namesOf(of []step) string {
	var all []string
	for _, x := range of {
		all = append(all, x.name)
	}
	return strings.Join(all, ", ")
}

// mistakesIn says what is wrong with files that are in force together.
func mistakesIn(texts map[string]string, channels []address.Channel) error {
	var sources []files.Source
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		sources = append(sources, files.Source{Name: name, Text: []byte(texts[name])})
	}
	if _, mistakes, _ := files.LoadSources(sources, files.Options{Channels: channels}); len(mistakes) > 0 {
		return exitError{exitUsage, errors.New(mistakes.Error())}
	}
	return nil
}

// ask has the gateway check each file that can be the next in force. It knows more than the files say: its clock and what ran
// already, the accounts, the brand's languages.
func (p plan) ask(ctx context.Context, c *client, theirs shelf, channels []address.Channel, out io.Writer) error {
	var wrong files.Problems
	for _, x := range p.steps {
		texts := maps.Clone(theirs.inForce)
		texts[x.name] = x.text
		if x.what == removes || mistakesIn(texts, channels) != nil {
			continue // what it names comes with another one
		}
		found, err := c.checkFile(ctx, x.name, x.text)
		if err != nil {
			return fmt.Errorf("%s: %w", x.name, err)
		}
		wrong = append(wrong, found.Problems...)
		warn(out, found.Warnings)
	}
	if len(wrong) > 0 {
		return exitError{exitUsage, errors.New(wrong.Error())}
	}
	return nil
}

// checkFile asks the gateway what would be wrong with a text.
func (c *client) checkFile(ctx context.Context, name, text string) (found struct{ Problems, Warnings files.Problems }, err error) {
	_, err = c.fileCall(ctx, http.MethodPost, filePath(name, "/check"), "", map[string]string{"text": text}, &found)
	return found, err
}

// channels are those that the gateway has an account of.
func (c *client) channels(ctx context.Context) (all []address.Channel, err error) {
	var have struct {
		Accounts []struct {
			Channel address.Channel `json:"channel"`
		} `json:"accounts"`
	}
	err = c.exchange(ctx, http.MethodGet, "/accounts", nil, &have)
	for _, a := range have.Accounts {
		all = append(all, a.Channel)
	}
	return all, err
}
