package http

import "errors"

// parseEach reads the paths of a call's events, one a line.
func parseEach(v string) (out []*source, err error) {
	for n, line := range lines(v) {
		s, err := parseSource(line)
		if err != nil {
			return nil, inLine(n, err)
		}
		if s.from != fromEvent && s.from != fromRoot || s.match != nil {
			return nil, inLine(n, errors.New("must be a path into the body, such as $.results[*]"))
		}
		out = append(out, s)
	}
	return out, nil
}

// compileHooks reads the settings of what the provider tells. What each setting holds was checked before.
func (a *Adapter) compileHooks() error {
	set := a.acc.Settings
	if a.in.each, _ = parseEach(set["each"]); len(a.in.each) == 0 {
		a.in.each = []*source{{from: fromEvent}}
	}
	a.in.clock = newClock(set)
	for _, step := range []func(map[string]string) error{a.compileReceive, a.compileStatus, a.compileReply} {
		if err := step(set); err != nil {
			return err
		}
	}
	return nil
}

// places reads the paths of several settings; those that are left out stay nil.
func places(set map[string]string, into map[string]**source) error {
	for name, to := range into {
		if set[name] == "" {
			continue
		}
		s, err := parseSource(set[name])
		if err != nil {
			return wrong(name, "%w", err)
		}
		if s.from == ours {
			return wrong(name, "cannot be ours, which is no place in a call")
		}
		*to = s
	}
	return nil
}

// conditions reads the conditions of several settings.
func conditions(set map[string]string, into map[string]*all) error {
	for name, to := range into {
		read, err := parseAll(set[name])
		if err != nil {
			return wrong(name, "%w", err)
		}
		for _, c := range read {
			if c.at == nil {
				return wrong(name, "asks for an HTTP status, which a call does not have")
			}
		}
		*to = read
	}
	return nil
}

func (a *Adapter) compileReceive(set map[string]string) error {
	r := &a.in.receive
	if err := places(set, map[string]**source{"receive_from": &r.from, "receive_text": &r.text, "receive_id": &r.id, "receive_time": &r.time, "receive_media": &r.media}); err != nil {
		return err
	}
	if err := conditions(set, map[string]*all{"receive_when": &r.when, "opt_out_when": &r.optOut, "opt_in_when": &r.optIn}); err != nil {
		return err
	}
	if r.from == nil {
		for _, name := range []string{"receive_text", "receive_id", "receive_time", "receive_media", "receive_when", "opt_out_when", "opt_in_when"} {
			if set[name] != "" {
				return wrong("receive_from", "is missing, without which nobody knows whom %s is about", name)
			}
		}
		return nil
	}
	if r.text == nil {
		return wrong("receive_text", "is missing: say where the text of a message stands")
	}
	return nil
}

func (a *Adapter) compileStatus(set map[string]string) error {
	r := &a.in.status
	if err := places(set, map[string]**source{"status_id": &r.theirs, "status_our_id": &r.ours, "status_to": &r.to, "status_time": &r.time, "status_code": &r.failed}); err != nil {
		return err
	}
	if err := conditions(set, map[string]*all{"status_when": &r.when}); err != nil {
		return err
	}
	var err error
	if r.states, err = parseStates(set["states"]); err != nil {
		return wrong("states", "%w", err)
	}
	for _, s := range r.states {
		for _, c := range s.when {
			if c.at == nil {
				return wrong("states", "asks for an HTTP status, which a call does not have")
			}
		}
	}
	told := set["status_id"]+set["status_our_id"] != ""
	switch {
	case len(r.states) > 0 && !told:
		return wrong("status_id", "is missing, and status_our_id, too: nobody would know which message a receipt is about")
	case len(r.states) == 0 && set["status_id"]+set["status_our_id"]+set["status_to"]+set["status_time"]+set["status_code"]+set["status_when"] != "":
		return wrong("states", "is missing: say what a receipt means, such as $.status = DELIVRD -> delivered")
	case r.ours != nil && !a.out.uses["id"]:
		return wrong("status_our_id", "is given, and the provider is not told {{id}}: write it into send_body or send_query")
	}
	return nil
}

func (a *Adapter) compileReply(set map[string]string) (err error) {
	if set["reply_body"] == "" {
		return nil
	}
	a.in.places = map[string]*source{}
	a.in.reply, err = parseTemplate(set["reply_body"], func(name string) error {
		s, err := parseSource(name)
		if err != nil || s.from == ours {
			return errPath
		}
		a.in.places[name] = s
		return nil
	})
	if err != nil {
		return wrong("reply_body", "%w", err)
	}
	if err := wellFormed(a.in.reply, set["reply_type"]); err != nil {
		return wrong("reply_body", "%w", err)
	}
	return nil
}
