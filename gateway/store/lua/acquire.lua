-- Take a partition that nobody owns, or keep one's own.
-- KEYS: lease, epoch, index of audiences. ARGV: owner, TTL in ms.
-- Where the owner before has kept the index, this one keeps it, too, whether or not it comes to write anything.
-- Returns the fencing token "owner#epoch", or where another owns it the ms until its lease runs out.
local held = redis.call('GET', KEYS[1])
if held then
  if string.sub(held, 1, #ARGV[1] + 1) ~= ARGV[1] .. '#' then return redis.call('PTTL', KEYS[1]) end
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return held
end
local epoch = redis.call('INCR', KEYS[2])
local token = ARGV[1] .. '#' .. epoch
if redis.call('HGET', KEYS[3], 'kept') == string.format('%d', epoch - 1) then redis.call('HSET', KEYS[3], 'kept', epoch) end
redis.call('SET', KEYS[1], token, 'PX', ARGV[2])
return token
