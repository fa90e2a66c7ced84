-- Take what another replica asks of the session's owner. KEYS: ask, taken. ARGV: ms for which it is known to be taken.
-- Returns it, or nothing where it was withdrawn or has run out.
local asked = redis.call('GET', KEYS[1])
if not asked or asked == '' then return false end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], '1', 'PX', ARGV[1])
return asked
