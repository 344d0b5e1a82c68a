-- One entry in the event stream, which is trimmed to about 10,000 entries.
local function event(key, fields)
  redis.call('XADD', key, 'MAXLEN', '~', 10000, '*', unpack(fields))
end
