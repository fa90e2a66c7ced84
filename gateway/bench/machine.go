package main

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// machine is what the results depend on.
func machine() map[string]any {
	return map[string]any{
		"cores": runtime.NumCPU(), "go": runtime.Version(), "redis": redisVersion(), "cpu": processor(), "load": strings.TrimSpace(read("/proc/loadavg")),
	}
}

func redisVersion() string {
	out, err := exec.Command("redis-server", "--version").Output()
	if err != nil {
		return ""
	}
	for _, word := range strings.Fields(string(out)) {
		if v, ok := strings.CutPrefix(word, "v="); ok {
			return v
		}
	}
	return ""
}

func processor() string {
	for line := range strings.Lines(read("/proc/cpuinfo")) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func read(file string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		return "" // another system: the results do without
	}
	return string(b)
}
