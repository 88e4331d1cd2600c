-- First filter: numbers of sections, figures, tables and equations as Quarto gives them in a book,
-- cross-references, links between chapters. It sees one chapter. For what it cannot know from that
-- chapter alone it leaves a placeholder (see common.lua), and it notes in `facts` what `crossref.py`
-- needs to replace it.
-- However a figure or table with a number was written, this filter gives it one form:
--   Div.press-float{kind, number} [ Div.press-caption, Div.press-body ]
package.path = PANDOC_SCRIPT_FILE:gsub('[^/\\]+$', '') .. '?.lua;' .. package.path
local common = require 'common'
local row_names = require 'row_names'
local kind, has, problem = common.kind, common.has, common.problem

local chapter = {path = '', folder = '', appendix = false}
local facts = {
  numbered = false,                 -- whether the chapter has a number
  reference_lists = 0,              -- how often it says where the list of references goes
  ids = pandoc.List{},              -- ids in order; with `placeholder` if made by Pandoc from a heading
  raw_ids = pandoc.List{},          -- ids in raw HTML
  anchor = nil,                     -- which of `ids` is the chapter's heading
  files = pandoc.List{},            -- what links outside of the book lead to
  images = pandoc.List{},           -- files of the project that are shown
  labels = {},                      -- label -> {name, number}
  placeholders = pandoc.List{},     -- what each is for, by `kind`: cite, id, link, ref, box
}
local heads, last_level = {}, 0
local counts = {}                   -- how many of each kind
local heading = ''                  -- the one above

local function placeholder(description)
  facts.placeholders:insert(description)
  return common.placeholder(#facts.placeholders)
end

local function contains(inlines, tag)
  local result = false
  inlines:walk{[tag] = function() result = true end}
  return result
end

local function note_id(id)
  if id ~= '' then facts.ids:insert{id = id} end
end

-- The next number of a kind. In a chapter without a number there is no part before the point.
local function next_number(id)
  local k = kind(id)
  counts[k] = (counts[k] or 0) + 1
  facts.labels[id] = {common.words[k], (facts.numbered and common.number .. '.' or '') .. counts[k]}
  note_id(id)
  return facts.labels[id]
end

local function float(id, caption, body, classes)
  local n = next_number(id)
  if #caption == 0 then problem('uncaptioned', id, chapter.path) end
  local lead = pandoc.Span({pandoc.Str(n[1] .. '\u{a0}' .. n[2] .. ':')}, {class = 'float-number'})
  local first = caption[1]
  if first and (first.t == 'Plain' or first.t == 'Para') then
    caption[1] = pandoc.Plain(pandoc.Inlines{lead, pandoc.Space()} .. first.content)
  else
    caption:insert(1, pandoc.Plain{lead})
  end
  local attr = pandoc.Attr(id, {'press-float', table.unpack(classes or {})},
    {kind = kind(id), number = n[2]})
  return pandoc.Div({pandoc.Div(caption, {class = 'press-caption'}),
    pandoc.Div(body, {class = 'press-body'})}, attr)
end

-- A heading that a callout begins with is its title, not a section.
local function callout_title(div)
  if not table.concat(div.classes, ' '):match 'callout%-%a' then return end
  local first, title = div.content[1], nil
  if div.attributes.title then
    -- a title without words is none; a word before it keeps it from being a list
    if div.attributes.title:match '%S' then
      local read = pandoc.read('x ' .. div.attributes.title, 'markdown').blocks[1].content
      title = pandoc.Inlines{table.unpack(read, 3)}
    end
    div.attributes.title = nil
  elseif first and first.t == 'Header' then
    title = first.content
    div.content:remove(1)
  end
  if title then div.content:insert(1, pandoc.Div({pandoc.Plain(title)}, {class = 'callout-title'})) end
  -- what is folded or boxed is no part of the contents
  div.content = div.content:walk{Header = function(h)
    if not has(h, 'unlisted') then h.classes:insert 'unlisted' end
    return h
  end}
  return div
end

local function float_div(div)
  local id = div.identifier
  local caption, body = pandoc.Blocks{}, pandoc.Blocks{}
  for _, block in ipairs(div.content) do
    if block.t == 'Div' and has(block, 'cell-caption') then
      caption = block.content
      -- the word before it, which keeps it from being a list
      caption[1].content = pandoc.Inlines{table.unpack(caption[1].content, 3)}
    else body:insert(block) end
  end
  if not has(div, 'cell-float') then       -- written by hand: the last paragraph is the caption
    local last = body[#body]
    local image = last and last.t == 'Para' and #last.content == 1 and last.content[1].t == 'Image'
    if last and last.t == 'Para' and not image then caption = pandoc.Blocks{body:remove()} end
  end
  local figure = body[1] and body[1].t == 'Figure' and body[1]
  if figure and #body == 1 then body = figure.content end
  return float(id, caption, body, div.classes:filter(function(c) return c ~= 'cell-float' end))
end

local function equation(para)
  if not pandoc.utils.stringify(para):find('{#eq-', 1, true) then return end
  local blocks, before, formula = pandoc.Blocks{}, pandoc.Inlines{}, nil
  local function paragraph()
    if pandoc.utils.stringify(before):match '%S' or contains(before, 'Math') then
      blocks:insert(pandoc.Para(before))
    end
    before = pandoc.Inlines{}
  end
  for _, x in ipairs(para.content) do
    local id, rest = nil, nil
    if x.t == 'Str' and formula then id, rest = x.text:match '^{#(eq%-[^%s{}]+)}(.*)$' end
    if id then
      local shown = before:remove(formula)
      paragraph()
      local n = next_number(id)
      blocks:insert(pandoc.Div({pandoc.Para{shown}},
        pandoc.Attr(id, {'press-equation'}, {number = n[2]})))
      formula = nil
      if rest ~= '' then before:insert(pandoc.Str(rest)) end
    else
      before:insert(x)
      if x.t == 'Math' and x.mathtype == 'DisplayMath' then formula = #before
      elseif x.t ~= 'Space' and x.t ~= 'SoftBreak' then formula = nil end
    end
  end
  paragraph()
  return blocks
end

local function numbered_equation(block)
  local blocks = equation(block)
  if blocks then return blocks, false end
end

-- Pandoc makes the id of a heading from its words. Headings of two chapters may have the same words;
-- `crossref.py` then gives the later one another id.
local function heading_id(h)
  local id = h.identifier
  local words = pandoc.utils.stringify(h.content):lower():gsub('[^%w%s_.-]', ''):gsub('%s+', '-')
  -- letters beyond ASCII are left out, since Lua knows no small ones of them
  local own = id:gsub('[^%w_.-]', ''):gsub('%-%d+$', ''):gsub('^[^%a]+', '')
  words = words:gsub('^[^%a]+', ''):gsub('%-%d+$', '')
  if id ~= '' and (own == words or own == 'section' and words == '') then
    h.identifier = placeholder{kind = 'id', id = id}
    facts.ids:insert{id = id, placeholder = #facts.placeholders}
  else
    note_id(id)
  end
end

-- The walk does not enter tables: the ids in them are noted here.
local function note_ids_within(t)
  t:walk{Span = function(span) note_id(span.identifier) end}
end

-- A table without a number scrolls in a box of its own, named after what stands above it.
local function boxed(block, caption)
  local name = placeholder{kind = 'box', name = caption or common.words['table-in'] .. ': ' .. heading}
  return pandoc.Div({block}, pandoc.Attr('', {'press-scroll'}, {name = name}))
end

-- HTML with all but what is within scripts changed: that is data, in which a tag is text.
local function outside_scripts(text, change)
  local out, from = {}, 1
  while true do
    local _, opened = text:find('<[sS][cC][rR][iI][pP][tT]%f[%s>][^>]*>', from)
    out[#out + 1] = change(text:sub(from, opened or -1))
    if not opened then return table.concat(out) end
    from = text:find('</[sS][cC][rR][iI][pP][tT]', opened) or #text + 1
    out[#out + 1] = text:sub(opened + 1, from - 1)
  end
end

local function ids_of(raw)
  if raw.format == 'html' then
    outside_scripts(raw.text, function(text)
      for _, id in text:gmatch '%sid=(["\'])(.-)%1' do facts.raw_ids:insert(id) end
      for id in text:gmatch '%sid=([^"\'%s>]+)' do facts.raw_ids:insert(id) end
      return text
    end)
  end
end

-- A path as it is on disk: Pandoc writes a space in a link as %20.
local function decoded(target)
  return (target:gsub('%%(%x%x)', function(digits) return string.char(tonumber(digits, 16)) end))
end

local function unescaped(text)
  return (text:gsub('&amp;', '&'):gsub('&quot;', '"'):gsub('&#39;', "'"))
end

local project_image

-- A path relative to the chapter, made relative to the project's root.
local function from_root(path)
  local full = pandoc.path.normalize(path:sub(1, 1) == '/' and path:sub(2) or chapter.folder .. path)
  while full:match '[^/]+/%.%./' do full = full:gsub('[^/]+/%.%./', '', 1) end
  return full
end

-- The target of a link in a document that holds all chapters.
local function destination(target)
  if target:match '^%a[%w+.-]*:' or target:match '^//' then return target end
  local path, query, fragment = target:match '^([^#?]*)(%??[^#]*)#?(.*)$'
  if path == '' then
    return '#' .. placeholder{kind = 'link', path = chapter.path, id = fragment, target = target}
  end
  local full = from_root(decoded(path))
  if not full:match '%.qmd$' then
    facts.files:insert{path = full, target = target}
    return full:gsub('[ %%?]', {[' '] = '%20', ['%'] = '%25', ['?'] = '%3F'}) .. query .. (fragment ~= '' and '#' .. fragment or '')
  end
  return '#' .. placeholder{kind = 'link', path = full, id = fragment, target = target}
end

-- An image of the project by its path from the root; others as they are.
function project_image(src)
  if src:match '^%a[%w+.-]*:' then return src end
  local path = from_root(decoded(src))
  facts.images:insert(path)
  return 'root:' .. path
end

-- Links and images of HTML that lead within a document that holds all chapters.
local function with_destinations(text)
  text = text:gsub('(href=)(["\'])([^"\']+)%2', function(name, mark, target)
    return name .. mark .. common.escaped(destination(unescaped(target))) .. mark
  end)
  text = text:gsub('(%shref=)([^"\'%s>][^%s>]*)', function(name, target)
    return name .. '"' .. common.escaped(destination(unescaped(target))) .. '"'
  end)
  return (text:gsub('(<img%s[^>]*src=)(["\']?)([^"\'%s>]+)%2', function(tag, _, src)
    return tag .. '"' .. common.escaped(project_image(unescaped(src))) .. '"'
  end))
end

-- Whether a page does not show an element.
local function unseen(element)
  return element.attributes.hidden ~= nil or common.css(element.attributes.style, 'display') == 'none'
end

-- A long word with places where a line may end (as `conditional.py` for what is not HTML).
local UNBROKEN, LETTERS = ('[%w_.,:;|=&+*~]'):rep(31), ('[%w_.,:;|=&+*~]'):rep(20)
local function breakable(text)
  return (text:gsub('[^%s/-]+', function(word)
    if word:match(UNBROKEN) then return (word:gsub(LETTERS, '%0\u{200b}')) end
  end))
end

-- A word as Typst prints it unchanged (as `conditional.py` for what is not HTML): it makes no minus sign
-- of a hyphen before a number, no soft hyphen of one before a question mark and no one sign of three
-- points, and no list or heading begins.
local function as_written(text)
  text = breakable(text)
  local out, from, at = pandoc.Inlines{}, 1, 1
  local function written(sign, length)
    if at > from then out:insert(pandoc.Str(text:sub(from, at - 1))) end
    out:insert(common.rawinline(sign))
    from = at + length
  end
  local number = text:match '^(%d+)%.$'
  if number then return {common.rawinline(number .. '\\.')} end
  while at <= #text do
    local sign = text:sub(at, at + 2) == '...' and '...'
      or (text:match('^%-%d', at) and not text:sub(at - 1, at - 1):match '[%w_]'
        or text:match('^%-%?', at)) and '-'
      or at == 1 and text:match '^[-+=/]'
    if sign then written('\\' .. sign, #sign) end
    at = sign and from or at + 1
  end
  if from == 1 then return {pandoc.Str(text)} end
  if from <= #text then out:insert(pandoc.Str(text:sub(from))) end
  return out
end

-- HTML for print. Ids of tables are those of the page, headings would be sections of the book.
local function printed(text)
  -- quotation marks as `conditional.py` has them
  local doc = pandoc.read(text:gsub('\u{2018}', '\u{e018}'):gsub('\u{2019}', '\u{e019}')
    :gsub('\u{201c}', '\u{e01c}'):gsub('\u{201d}', '\u{e01d}') .. '', 'html')
  local walk = {
    Table = function(t)
      t.identifier = ''
      -- Pandoc takes the alignment of a cell in the first row for that of the column
      t.colspecs = t.colspecs:map(function(spec) return {pandoc.AlignDefault, spec[2]} end)
      return t
    end,
    Header = function(h) return pandoc.Para{pandoc.Strong(h.content)} end,
  }
  if text:match '%-[%d?]' or text:find('...', 1, true) or text:match '[%s>;][-+=/]'
    or text:match '[%s>;]%d+%.[%s<&]' then
    function walk.Str(s) return as_written(s.text) end
  elseif text:match(UNBROKEN) then
    function walk.Str(s) return pandoc.Str(breakable(s.text)) end
  end
  if text:match 'display%s*:%s*none' or text:match '%shidden' then
    function walk.Span(s) if unseen(s) then return {} end end
    function walk.Div(d) if unseen(d) then return {} end end
  end
  return doc.blocks:walk(walk)
end

-- The words of a text where only words can stand: of a citation or reference they are not known yet.
local function words_of(inlines)
  local text = pandoc.utils.stringify(inlines:walk{Cite = function() return {} end})
  return (text:gsub('%s+', ' '):gsub('^ ', ''):gsub(' $', ''))
end

local function number_heading(h)
  local level = h.level
  heading_id(h)
  facts.anchor = facts.anchor or #facts.ids
  if level > last_level + 1 then
    problem('skipped', pandoc.utils.stringify(h.content), chapter.path)
  end
  if level == 1 and last_level > 0 then
    problem('second', pandoc.utils.stringify(h.content), chapter.path)
  end
  last_level = level
  heading = words_of(h.content)
  local id = facts.ids[#facts.ids] and facts.ids[#facts.ids].id or ''
  if has(h, 'unnumbered') then
    if kind(id) == 'sec' then facts.labels[id] = {heading, ''} end
    return
  end
  if level == 1 then
    facts.numbered, heads = true, {common.number}
  elseif #heads == 0 then
    return
  else
    for i = #heads + 1, level - 1 do heads[i] = 0 end
    heads[level] = (heads[level] or 0) + 1
    for i = level + 1, 6 do heads[i] = nil end
  end
  local n = table.concat(heads, '.', 1, level)
  h.attributes.number = n
  if level == 1 and chapter.appendix then h.attributes.appendix = 'true' end
  facts.labels[id] = {common.words[level > 1 and 'sec' or chapter.appendix and 'appendix' or 'chapter'], n}
end

-- The caption serves as text alternative, unless it holds a citation or reference, whose words are not
-- known yet.
local function described(image)
  local alt = image.attributes['fig-alt'] or image.attributes.alt
  if not alt and contains(image.caption, 'Cite') then problem('noalt', image.src, '') end
end

-- Widths of columns that an author gives, as shares of the page.
local function with_widths(t)
  local shares, total = pandoc.List{}, 0
  for number in (t.attributes['tbl-colwidths'] or ''):gmatch '[%d.]+' do
    shares:insert(tonumber(number))
    total = total + tonumber(number)
  end
  t.attributes['tbl-colwidths'] = nil
  if #shares ~= #t.colspecs then return end
  local whole = math.max(total, 100)
  t.colspecs = t.colspecs:map(function(spec, i) return {spec[1], shares[i] / whole} end)
end

local number_pass = {
  traverse = 'topdown',
  RawBlock = function(raw)
    if raw.format == 'html' then
      ids_of(raw)
      if not common.html then
        return printed(raw.text), false
      end
      raw.text = outside_scripts(raw.text, with_destinations)
      return raw.text:match '<table' and boxed(raw) or raw, false
    end
  end,
  RawInline = ids_of,
  Header = function(h)
    number_heading(h)
    return h
  end,
  Figure = function(figure)
    figure.content:walk{Image = described}
    if kind(figure.identifier) then
      return float(figure.identifier, figure.caption.long, figure.content), false
    end
    note_id(figure.identifier)
  end,
  Table = function(t)
    with_widths(t)
    if not common.typst then t = row_names.marked(t) end  -- print has no heads of rows
    if kind(t.identifier) or common.html then note_ids_within(t) end
    if kind(t.identifier) then
      local id, caption = t.identifier, t.caption.long
      t.identifier, t.caption = '', {long = {}}
      return float(id, caption, pandoc.Blocks{t}), false
    end
    if common.html then
      local caption = words_of(t.caption.long)
      return boxed(t, caption ~= '' and caption or nil), false
    end
    return t
  end,
  Div = function(div)
    if div.identifier == 'refs' then
      facts.reference_lists = facts.reference_lists + 1
      if common.tree then return div, false end
      return common.raw(common.references), false
    end
    local k = kind(div.identifier)
    if (k == 'fig' or k == 'tbl') and not has(div, 'press-float') then
      local block = float_div(div)
      -- Walked further: the body may hold raw tables and ids.
      return block
    end
    if not k then note_id(div.identifier) end
    return callout_title(div)
  end,
  Span = function(span)
    note_id(span.identifier)
  end,
  CodeBlock = function(block)
    note_id(block.identifier)
  end,
  Link = function(l)
    note_id(l.identifier)
  end,
  Image = function(image)
    described(image)
    if not kind(image.identifier) then note_id(image.identifier) end
  end,
}

local function reference(cite)
  local out = pandoc.Inlines{}
  for i, item in ipairs(cite.citations) do
    -- a capital is that of the word before the number, which is one anyway
    local label = item.id:gsub('^%u%l+%-', string.lower)
    if kind(label) then item.id = label end
    if not kind(item.id) then
      if contains(pandoc.Inlines{cite}, 'Note') then problem('notecite', item.id, '') end
      -- a manuscript is written as a whole, and its citations with it
      if common.tree then return cite end
      local tree = pandoc.write(pandoc.Pandoc{pandoc.Plain{cite}}, 'json')
      return common.rawinline(placeholder{kind = 'cite', tree = tree})
    end
    if i > 1 then out:insert(pandoc.Str ', ') end
    local bare = item.mode == 'SuppressAuthor' or #item.prefix > 0
    local content = pandoc.Inlines(item.prefix)
    if #item.prefix > 0 then content:insert(pandoc.Str '\u{a0}') end
    content:insert(common.rawtext(placeholder{kind = 'ref', id = item.id, bare = bare}))
    out:insert(pandoc.Link(content, '#' .. item.id, '', {class = 'xref'}))
    out:extend(item.suffix)
  end
  return out
end

-- Comes before the pass that makes links of references.
local link_pass = {
  Link = function(link)
    link.target = destination(link.target)
    return link
  end,
  Image = function(image)
    if not has(image, 'cell-image') then
      image.src = project_image(image.src)
      return image
    end
  end,
}

function Pandoc(doc)
  common.read_words(doc.meta)
  local path = pandoc.utils.stringify(doc.meta['press-path'] or '')
  chapter = {path = path, folder = path:match '^(.*/)' or '', appendix = doc.meta['press-appendix']}
  -- Most chapters have no equation, and need not be looked through for one.
  doc:walk{Math = function(m)
    if m.mathtype == 'DisplayMath' then
      number_pass.Para = numbered_equation
      number_pass.Plain = numbered_equation      -- in a list without empty lines
    end
  end}
  doc = doc:walk(number_pass):walk(link_pass):walk{Cite = reference}
  doc.meta['press-facts'] = pandoc.MetaBlocks{common.raw(pandoc.json.encode(facts))}
  return doc
end
