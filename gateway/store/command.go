package store

// command is one that a batch may order: a command of Redis, or one of the commit script's own.
type command byte

// The commands, the most frequent first. Those of the script's own are told in lua/commit.lua.
const (
	cmdHSET command = iota + 1
	cmdRPUSH
	cmdSETBITS
	cmdHINCRBY
	cmdHDEL
	cmdZADD
	cmdZREM
	cmdSADD
	cmdXTRIM
	cmdPEXPIRE
	cmdXADD
	cmdXDEL
	cmdSREM
	cmdLTRIM
	cmdDEL
	cmdSET
	cmdCLEARBITS
	cmdREQUEUE
	cmdPARK
	cmdUNPARK
	cmdWITHDRAW
	cmdASIDE
	cmdUNBLOCK
	cmdTELL
	cmdRETELL
	cmdBURYTOLD
)

// commandNames are the names of the commands, each in the place of its number less one.
func commandNames() []string {
	names := [...]string{
		cmdHSET:      "HSET",
		cmdRPUSH:     "RPUSH",
		cmdSETBITS:   "SETBITS",
		cmdHINCRBY:   "HINCRBY",
		cmdHDEL:      "HDEL",
		cmdZADD:      "ZADD",
		cmdZREM:      "ZREM",
		cmdSADD:      "SADD",
		cmdXTRIM:     "XTRIM",
		cmdPEXPIRE:   "PEXPIRE",
		cmdXADD:      "XADD",
		cmdXDEL:      "XDEL",
		cmdSREM:      "SREM",
		cmdLTRIM:     "LTRIM",
		cmdDEL:       "DEL",
		cmdSET:       "SET",
		cmdCLEARBITS: "CLEARBITS",
		cmdREQUEUE:   "REQUEUE",
		cmdPARK:      "PARK",
		cmdUNPARK:    "UNPARK",
		cmdWITHDRAW:  "WITHDRAW",
		cmdASIDE:     "ASIDE",
		cmdUNBLOCK:   "UNBLOCK",
		cmdTELL:      "TELL",
		cmdRETELL:    "RETELL",
		cmdBURYTOLD:  "BURYTOLD",
	}
	return names[1:]
}

func (c command) String() string {
	if names := commandNames(); c > 0 && int(c) <= len(names) {
		return names[c-1]
	}
	return "none"
}
