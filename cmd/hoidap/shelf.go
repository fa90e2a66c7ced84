package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

// shelf is the campaign files as a gateway has them.
type shelf struct {
	inForce map[string]string    // texts, by name
	heads   map[string]shelfFile // where each file stands, those too that are not in force
}

// shelfFile is where a file stands.
type shelfFile struct {
	Name    string `json:"name"`
	State   string `json:"state"` // folder, draft, published, changed, archived
	Version int    `json:"version"`
	By      string `json:"by"`
	Text    string `json:"text"` // where one file is read
}

// shelf reads where all files stand, and what is in force.
func (c *client) shelf(ctx context.Context) (shelf, error) {
	s := shelf{inForce: map[string]string{}, heads: map[string]shelfFile{}}
	var texts struct {
		Files []shelfFile `json:"files"`
	}
	if err := c.exchange(ctx, http.MethodGet, "/files-in-force", nil, &texts); err != nil {
		return s, err
	}
	for _, f := range texts.Files {
		s.inForce[f.Name] = f.Text
	}
	var all struct {
		Files []shelfFile `json:"files"`
	}
	if err := c.exchange(ctx, http.MethodGet, "/files", nil, &all); err != nil {
		return s, err
	}
	for _, f := range all.Files {
		s.heads[f.Name] = f
	}
	return s, nil
}

// drafts adds the texts of what is not in force, of files that a folder has, too.
func (c *client) drafts(ctx context.Context, s shelf, mine map[string]string) error {
	for name := range mine {
		f, there := s.heads[name]
		if !there || f.State == "folder" || f.State == "published" {
			continue
		}
		if _, err := c.fileCall(ctx, http.MethodGet, filePath(name, ""), "", nil, &f); err != nil {
			return err
		}
		s.heads[name] = f
	}
	return nil
}

func filePath(name, action string) string { return "/files/" + url.PathEscape(name) + action }

// fileCall makes a call about a file as it is under a tag, and gives the tag that it has then. That it is at another one is a
// changedError.
func (c *client) fileCall(ctx context.Context, method, path, tag string, in, out any) (now string, err error) {
	var body []byte
	if in != nil {
		if body, err = json.Marshal(in); err != nil {
			return "", err
		}
	}
	status, now, answer, err := c.callAbout(ctx, method, path, tag, body)
	switch {
	case err != nil:
		return "", err
	case status == http.StatusOK || status == http.StatusCreated:
		if err := json.Unmarshal(answer, out); err != nil {
			return "", fatalError{"the answer cannot be read: is --api the address of a gateway?"}
		}
		return now, nil
	case slices.Contains([]int{http.StatusPreconditionFailed, http.StatusPreconditionRequired}, status):
		return now, changedError{}
	case slices.Contains([]int{http.StatusBadRequest, http.StatusConflict, http.StatusNotFound, http.StatusRequestEntityTooLarge}, status):
		return now, refusedError{problemText(answer)}
	}
	return "", c.unexpected(status, answer)
}

// changedError says that somebody else was faster.
type changedError struct{}

func (changedError) Error() string { return "it was changed there just now; export, and apply again" }

// saveFile saves a draft over what is under a tag, or a new file where it is empty, and says which version it is. A call whose
// answer was lost has been made: then the text is there.
func (c *client) saveFile(ctx context.Context, name, text, tag string) (now string, version int, err error) {
	var saved shelfFile
	now, err = c.fileCall(ctx, http.MethodPut, filePath(name, ""), tag, map[string]string{"text": text}, &saved)
	if changed := (changedError{}); !errors.As(err, &changed) {
		return now, saved.Version, err
	}
	now, readErr := c.fileCall(ctx, http.MethodGet, filePath(name, ""), "", nil, &saved)
	if readErr == nil && saved.Text == text {
		return now, saved.Version, nil
	}
	return now, 0, err
}

// publishing is what came of putting a file in force.
type publishing struct {
	File    shelfFile `json:"file"`
	Request *struct {
		ID     string `json:"id"`
		People int64  `json:"people"`
	} `json:"request"`
}

func (c *client) publishFile(ctx context.Context, name, tag string, people int) (p publishing, err error) {
	in := map[string]int{}
	if people > 0 {
		in["people"] = people
	}
	_, err = c.fileCall(ctx, http.MethodPost, filePath(name, "/publish"), tag, in, &p)
	return p, err
}

// standing is a file's state as people read it.
func (f shelfFile) standing() string {
	switch f.State {
	case "draft":
		return "is a draft of " + f.By + " there"
	case "archived":
		return "lies in the archive there"
	case "changed":
		return fmt.Sprintf("has a draft there, version %d of %s, that is not in force", f.Version, f.By)
	}
	return "was changed there by " + f.By
}
