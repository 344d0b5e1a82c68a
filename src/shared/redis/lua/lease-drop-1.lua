--[[
  Gives a lease up: its holder is done, or is known to be dead.
  KEYS: 1 bot_lease
  ARGV: 1 holder
  Returns: 1 when it was held by that holder, else 0.
]]
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
