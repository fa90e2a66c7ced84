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

// commandNames are the names of the commands, by their numbers less one.
func commandNames() []string {
	return []string{
		"HSET", "RPUSH", "SETBITS", "HINCRBY", "HDEL", "ZADD", "ZREM", "SADD", "XTRIM", "PEXPIRE", "XADD", "XDEL", "SREM", "LTRIM", "DEL", "SET",
		"CLEARBITS", "REQUEUE", "PARK", "UNPARK", "WITHDRAW", "ASIDE", "UNBLOCK", "TELL", "RETELL", "BURYTOLD",
	}
}

func (c command) String() string {
	if names := commandNames(); c > 0 && int(c) <= len(names) {
		return names[c-1]
	}
	return "none"
}
