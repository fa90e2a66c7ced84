package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/hoidap/hoidap/preferences/understand"
)

// maxParseLine bounds one line of input.
const maxParseLine = 1 << 20

func parseCommand() *cobra.Command {
	var trace bool
	var compare comparison
	c := &cobra.Command{
		Use:   "parse",
		Short: "Read customers' replies: JSON lines in, JSON lines out",
		Long: `Reads one reply a line from standard input and writes what was understood, one line each, in the same order.

In:  {"id":"1","locale":"vi","now":"2026-11-23T09:00:00+07:00","question":{"kind":"yes_no","text":{"vi":"..."}},"text":"có ạ"}
Out: {"id":"1","status":"answered","value":true,"confidence":0.98,"words":"có","rule":"yes-word"}

status is answered, declined, command (value: stop, start, help, data, forget, agent) or unclear. Without a question only
commands are looked for. A line that cannot be read gives {"line":3,"error":"..."}; the rest goes on, and the exit code
is 2 at the end.

With --compare replies from history are read again, and what a change of campaign files would change is shown before it
does. History is lines like the above, or the API's replies ({"campaign":"a","question":"style","locale":"vi",
"now":"...","text":"...","status":"answered","value":"office"}), or a running gateway's ledgers. The exit code is 2 where
an answer would get another value or become unclear.`,
		Example: `  hoidap parse < replies.jsonl > answers.jsonl
  echo '{"id":"1","locale":"vi","now":"2026-11-23T09:00:00+07:00","question":{"kind":"money","currency":"VND"},"text":"tầm 1tr4"}' | hoidap parse --trace
  hoidap parse --compare changed.yaml --in-force ./campaigns < history.jsonl
  hoidap parse --compare ./changed --from-gateway`,
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("compare") {
				return compare.run(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
			}
			for _, name := range []string{"in-force", "question", "from-gateway", "all"} {
				if cmd.Flags().Changed(name) {
					return exitError{exitUsage, fmt.Errorf("--%s goes with --compare", name)}
				}
			}
			bad, err := parseLines(cmd.InOrStdin(), cmd.OutOrStdout(), trace)
			switch {
			case err != nil:
				return exitError{1, err}
			case bad > 0:
				return exitError{exitUsage, unread(bad)}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&trace, "trace", false, "add what was considered on the way, and for an unclear reply what it may well mean")
	compare.flags(c)
	return c
}

// unread says how many lines could not be read.
func unread(bad int) error {
	if bad == 1 {
		return errors.New("1 line could not be read; an error line in the output says why")
	}
	return fmt.Errorf("%d lines could not be read; each has an error line in the output", bad)
}

// parseInput is one line of input.
type parseInput struct {
	ID       json.RawMessage      `json:"id"`
	Locale   string               `json:"locale"`
	Now      time.Time            `json:"now"`
	Question *understand.Question `json:"question"`
	Text     *string              `json:"text"`
}

// parseOutput is one line of output. Value is absent where the status has none.
type parseOutput struct {
	ID         json.RawMessage   `json:"id"`
	Status     understand.Status `json:"status"`
	Value      any               `json:"value,omitempty"`
	Confidence float64           `json:"confidence"`
	Words      string            `json:"words,omitempty"`
	Rule       string            `json:"rule,omitempty"`
	Maybe      *parseGuess       `json:"maybe,omitempty"`
	Trace      []understand.Note `json:"trace,omitempty"`
}

// parseGuess is what an unclear reply may well mean: a conversation asks it back, and records it after a yes.
type parseGuess struct {
	Value      any     `json:"value"`
	Confidence float64 `json:"confidence"`
	Words      string  `json:"words,omitempty"`
	Rule       string  `json:"rule"`
}

type parseError struct {
	Line  int             `json:"line"`
	ID    json.RawMessage `json:"id,omitempty"`
	Error string          `json:"error"`
}

// parseLines reads replies from in and writes readings to out. bad counts the lines that could not be read; err is a
// failure of in or out.
func parseLines(in io.Reader, out io.Writer, trace bool) (bad int, err error) {
	src, dst := bufio.NewReaderSize(in, 64<<10), bufio.NewWriterSize(out, 64<<10)
	enc := json.NewEncoder(dst)
	enc.SetEscapeHTML(false)
	for n := 1; ; n++ {
		line, tooLong, readErr := readLine(src)
		ended := errors.Is(readErr, io.EOF)
		if readErr != nil && !ended {
			return bad, errors.Join(fmt.Errorf("reading line %d: %w", n, readErr), dst.Flush())
		}
		if len(line) > 0 || tooLong {
			result, ok := parseLine(line, n, tooLong, trace)
			if !ok {
				bad++
			}
			if err := enc.Encode(result); err != nil {
				return bad, fmt.Errorf("writing the answer to line %d: %w", n, err)
			}
		}
		if ended {
			return bad, dst.Flush()
		}
	}
}

// readLine returns the next line without its end. The rest of a line that is too long is skipped, so that its
// neighbours are still read.
func readLine(r *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > maxParseLine {
			tooLong, line = true, nil
		} else if !tooLong {
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return trimLine(line), tooLong, err
	}
}

// trimLine leaves out what stands around a line: spaces, its end, and the mark by which some editors begin a file.
func trimLine(line []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff")))
}

// parseLine answers one line: a reading, or what is wrong with it.
func parseLine(line []byte, n int, tooLong, trace bool) (any, bool) {
	if tooLong {
		return parseError{Line: n, Error: fmt.Sprintf("the line is longer than %d bytes", maxParseLine)}, false
	}
	in, err := readInput(line)
	if err != nil {
		return parseError{Line: n, ID: in.ID, Error: err.Error()}, false
	}
	r := understand.Read(understand.Ask{Question: in.Question, Locale: in.Locale, Now: in.Now}, *in.Text)
	o := parseOutput{ID: in.ID, Status: r.Status, Confidence: r.Confidence, Words: r.Words, Rule: r.Rule}
	switch r.Status {
	case understand.Answered:
		o.Value = r.Value
	case understand.IsCommand:
		o.Value = r.Command
	}
	if trace {
		o.Trace, o.Maybe = r.Trace, guessOf(r)
	}
	return o, true
}

func guessOf(r understand.Reading) *parseGuess {
	if r.Maybe == nil {
		return nil
	}
	return &parseGuess{Value: r.Maybe.Value, Confidence: r.Maybe.Confidence, Words: r.Maybe.Words, Rule: r.Maybe.Rule}
}
