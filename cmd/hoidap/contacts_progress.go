package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// everyLine is how often progress is told where there is no terminal.
const everyLine = 5 * time.Second

// progress tells how far a long piece of work has come: a bar on a terminal, now and then a line elsewhere.
type progress struct {
	what  string
	size  int64 // bytes to read; 0: not known
	read  atomic.Int64
	rows  atomic.Int64
	began time.Time

	mu   sync.Mutex
	out  io.Writer
	told time.Time

	bars *mpb.Progress // nil: no terminal
	bar  *mpb.Bar
}

func newProgress(out io.Writer, what string, size int64) *progress {
	p := &progress{what: what, size: size, out: out, began: time.Now(), told: time.Now()}
	if !terminal(out) {
		return p
	}
	p.bars = mpb.New(mpb.WithOutput(out), mpb.WithWidth(48))
	count := decor.Any(func(decor.Statistics) string { return fmt.Sprintf("%s %d ", what, p.rows.Load()) })
	if size == 0 {
		p.bar = p.bars.New(0, mpb.SpinnerStyle(), mpb.PrependDecorators(count))
		return p
	}
	p.bar = p.bars.AddBar(size, mpb.PrependDecorators(count), mpb.AppendDecorators(decor.Percentage(), decor.Name(" "), decor.AverageETA(decor.ET_STYLE_GO)))
	return p
}

// terminal reports whether w is one.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// reader counts what is read through it.
func (p *progress) reader(r io.Reader) io.Reader { return counted{r, p} }

type counted struct {
	io.Reader
	p *progress
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.p.read.Add(int64(n))
	if c.p.bar != nil && c.p.size > 0 {
		// The last step is stop's: a bar that is full takes no more lines above it.
		c.p.bar.SetCurrent(min(c.p.read.Load(), c.p.size-1))
	}
	return n, err
}

// row counts one row more.
func (p *progress) row() { p.add(1) }

func (p *progress) add(n int) {
	rows := p.rows.Add(int64(n))
	if p.bars != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.told) < everyLine {
		return
	}
	p.told = time.Now()
	line := fmt.Sprintf("%s: %d after %s", p.what, rows, time.Since(p.began).Round(time.Second))
	if p.size > 0 {
		line += fmt.Sprintf(", %d%%", 100*p.read.Load()/p.size)
	}
	fmt.Fprintln(p.out, line)
}

// print writes a line, above the bar where there is one.
func (p *progress) print(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bars != nil {
		fmt.Fprintln(p.bars, line)
		return
	}
	fmt.Fprintln(p.out, line)
}

// stop takes the bar away.
func (p *progress) stop() {
	if p.bars == nil {
		return
	}
	if p.size > 0 {
		p.bar.SetCurrent(p.size)
	}
	p.bar.SetTotal(-1, true)
	p.bars.Wait()
}
