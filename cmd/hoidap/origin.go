package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/hoidap/hoidap/campaigns/files"
)

// originName is where a folder keeps of what its files were made.
const originName = ".hoidap.json"

// origin is what a folder's files were made of: it tells an edit of ours from one that somebody else has made.
type origin struct {
	Files  map[string]originFile `json:"files"`
	Drafts map[string]int        `json:"drafts,omitempty"` // versions that we have saved there and that are not in force yet
}

type originFile struct {
	Version int    `json:"version"` // the newest, when it was written; 0: it is kept in the gateway's own folder
	Hash    string `json:"sha256"`  // of the text in force
}

func textHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// openFolder opens a folder of campaign files: what they were made of, and their texts as they are.
func openFolder(dir string) (root *os.Root, known origin, mine map[string]string, err error) {
	if root, err = os.OpenRoot(dir); err != nil {
		return nil, origin{}, nil, exitError{exitUsage, err}
	}
	if known, err = openOrigin(root); err == nil {
		mine, err = localFiles(dir)
	}
	if err != nil {
		root.Close() //nolint:errcheck // nothing is written through it itself
		return nil, origin{}, nil, err
	}
	return root, known, mine, nil
}

// openOrigin reads where a folder's files come from; nothing is known of a folder that was never exported to.
func openOrigin(root *os.Root) (origin, error) {
	o := origin{Files: map[string]originFile{}, Drafts: map[string]int{}}
	b, err := root.ReadFile(originName)
	if errors.Is(err, fs.ErrNotExist) {
		return o, nil
	}
	if err != nil {
		return o, err
	}
	if err := json.Unmarshal(b, &o); err != nil || o.Files == nil {
		return o, fmt.Errorf("%s cannot be read; delete it, and export again: %w", originName, err)
	}
	if o.Drafts == nil {
		o.Drafts = map[string]int{}
	}
	return o, nil
}

func (o origin) save(root *os.Root) error {
	b, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		return err
	}
	return root.WriteFile(originName, append(b, '\n'), 0o644)
}

// wrote reports whether we have saved the newest version of a file ourselves.
func (o origin) wrote(head shelfFile) bool {
	return head.Version > 0 && o.Drafts[head.Name] == head.Version
}

// note writes down that a file is as it stands on the shelf.
func (o origin) note(s shelf, name string) {
	o.Files[name] = originFile{Version: s.heads[name].Version, Hash: textHash(s.inForce[name])}
}

// localFiles are the texts of a folder, by name.
func localFiles(dir string) (map[string]string, error) {
	found, problems := files.ReadFolder(os.DirFS(dir))
	if len(problems) > 0 {
		return nil, exitError{exitUsage, errors.New(problems.Error())}
	}
	mine := map[string]string{}
	for _, f := range found {
		mine[f.Name] = string(f.Text)
	}
	return mine, nil
}

// writeFile writes a file whose name comes from a gateway: os.Root keeps it inside the folder, whatever it is.
func writeFile(root *os.Root, name, text string) error {
	if dir := path.Dir(name); dir != "." {
		if err := root.MkdirAll(filepath.FromSlash(dir), 0o755); err != nil {
			return err
		}
	}
	return root.WriteFile(filepath.FromSlash(name), []byte(text), 0o644)
}
