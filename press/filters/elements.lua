-- Second filter, for chapters after crossref.lua and for the template after citeproc: writes floats,
-- callouts, code, links and mathematics as HTML or Typst.
package.path = PANDOC_SCRIPT_FILE:gsub('[^/\\]+$', '') .. '?.lua;' .. package.path
local common = require 'common'
local looks = require 'looks'
local typst_table = require 'typst_table'
local has, raw, rawinline, quoted, escaped =
  common.has, common.raw, common.rawinline, common.quoted, common.escaped
local html = common.html
local slug = ''
local callouts, codes = 0, 0
-- rows of a table that may be low enough for one page
local SHORT = 12
-- letters of text that fill a third of a page
local THIRD = 1500
-- letters of code without a space that fit on a line
local UNBROKEN = 60

-- Attributes of an image that the page has in another form.
local OF_IMAGES = {alt = true, ['fig-alt'] = true, width = true, style = true, inline = true}

local function alternative(image)
  return image.attributes['fig-alt'] or image.attributes.alt or pandoc.utils.stringify(image.caption)
end

local function typst_length(width)
  if not width or width == '' then return nil end
  local number, unit = width:match '^([%d.]+)(%a*%%?)$'
  if not number then return nil end
  if unit == '' or unit == 'px' then return tonumber(number) * 0.75 .. 'pt' end
  return number .. unit
end

-- A picture that is written into its address, as Typst's bytes.
local function data(address)
  local _, content = pandoc.mediabag.fetch(address)
  local numbers = {}
  for n = 1, #content do numbers[n] = content:byte(n) end
  return 'bytes((' .. table.concat(numbers, ',') .. ',))'
end

-- What a page has of an image besides its source, its alternative and its style.
local function others(i)
  local out = i.identifier ~= '' and ' id="' .. escaped(i.identifier) .. '"' or ''
  for name, value in pairs(i.attributes) do
    if not OF_IMAGES[name] then out = out .. ' ' .. name .. '="' .. escaped(value) .. '"' end
  end
  return out
end

local function image(i)
  local alt = alternative(i)
  if alt == '' then common.problem('noalt', i.src, '') end
  local style = i.attributes.style or ''
  local width = i.attributes.width or common.css(style, 'width')
  if html then
    if width:match '^%d+$' then width = width .. 'px' end
    if i.attributes.width then style = 'width:' .. width .. (style ~= '' and '; ' .. style or '') end
    return rawinline('<img src="' .. escaped(i.src) .. '" alt="' .. escaped(alt) .. '"'
      .. (style ~= '' and ' style="' .. escaped(style) .. '"' or '') .. others(i) .. '>')
  end
  local src = quoted(i.src:match '^root:' and '/' .. i.src:sub(6) or i.src)
  if i.src:match '^data:' then src = data(i.src) end
  width = typst_length(width)
  local call = 'image(' .. src .. ', alt: ' .. quoted(alt) .. (width and ', width: ' .. width or '') .. ')'
  local anchor = i.identifier ~= '' and '#anchor(' .. quoted(i.identifier) .. ');' or ''
  return rawinline(anchor .. '#' .. (i.attributes.inline and 'box(' .. call .. ')' or call) .. ';')
end

-- Code in which a line may end within what has no space for long, since print cannot scroll: after a
-- sign, or anywhere.
local function breakable(text)
  return (text:gsub('%S+', function(word)
    if #word <= UNBROKEN then return end
    local out, line, sign = {}, {}, 0
    for letter in word:gmatch(utf8.charpattern) do
      line[#line + 1] = letter
      if letter:match '^[%]%)},;:=&|/._-]$' then sign = #line end
      if #line == UNBROKEN then
        local last = sign > UNBROKEN / 2 and sign or UNBROKEN
        out[#out + 1] = table.concat(line, '', 1, last)
        line, sign = {table.unpack(line, last + 1)}, 0
      end
    end
    out[#out + 1] = table.concat(line)
    return table.concat(out, '\u{200b}')
  end))
end

-- In a line as well.
local function inline_code(c)
  local text = breakable(c.text)
  if text ~= c.text then
    c.text = text
    return c
  end
end

-- PDF/UA lets words have one line: where they are struck, what is underlined has a border instead.
local function bordered(content)
  local out = pandoc.Inlines{rawinline '#box(stroke: (bottom: 0.5pt))['}
  out:extend(content)
  out:insert(rawinline '];')
  return out
end

local function underline(u)
  local struck = false
  u:walk{Strikeout = function() struck = true end}
  if struck then return bordered(u.content) end
end

local function strikeout(s)
  return s:walk{Underline = function(u) return bordered(u.content) end}
end

local function math(m)
  local display = m.mathtype == 'DisplayMath'
  return {rawinline('#[#set math.equation(alt: ' .. quoted(m.text) .. ');'), m,
    rawinline(display and '\n];' or '];')}
end

local function link(l)
  if not l.target:match '^#' then return end
  local out = pandoc.Inlines{}
  if l.identifier ~= '' then out:insert(rawinline('#anchor(' .. quoted(l.identifier) .. ');')) end
  out:insert(rawinline('#link(label(' .. quoted(l.target:sub(2)) .. '))['))
  out:extend(l.content)
  out:insert(rawinline '];')
  return out
end

-- Arguments of Typst's `text` for the language and the direction of what is in an element; nil where it
-- has those of the document.
local function spoken(element)
  local out = pandoc.List{}
  local language, region = (element.attributes.lang or element.attributes['xml:lang'] or '')
    :match '^(%a%a%a?)%-?(%a*)'
  if language then
    out:insert('lang: ' .. quoted(language:lower()))
    if #region == 2 then out:insert('region: ' .. quoted(region:upper())) end
  end
  local direction = element.attributes.dir
  if direction == 'rtl' or direction == 'ltr' then out:insert('dir: ' .. direction) end
  return #out > 0 and table.concat(out, ', ') or nil
end

local function span(s)
  local out = pandoc.Inlines{}
  if s.identifier ~= '' then out:insert(rawinline('#anchor(' .. quoted(s.identifier) .. ');')) end
  if has(s, 'float-number') then return pandoc.Strong(s.content) end
  if has(s, 'gt_footnote_marks') then return pandoc.Superscript(s.content) end
  local opening, closing = looks.around(s.attributes.style, has(s, 'mark'))
  local language = spoken(s)
  if language then opening, closing = '#text(' .. language .. ')[' .. opening, closing .. '];' end
  if opening ~= '' then out:insert(rawinline(opening)) end
  out:extend(s.content)
  if opening ~= '' then out:insert(rawinline(closing)) end
  return out
end

local function header(h)
  local n = h.attributes.number
  h.attributes.number = nil
  if html then
    if n then
      local appendix = h.attributes.appendix
      h.attributes.appendix = nil
      local label = pandoc.Inlines{pandoc.Str(n)}
      if appendix then
        label:insert(1, pandoc.Span({pandoc.Str(common.words.appendix .. '\u{a0}')}, {class = 'appendix-word'}))
      end
      h.content:insert(1, pandoc.Span(label, {class = 'section-number'}))
      h.content:insert(2, pandoc.Space())
    end
    return h
  end
  local numbering = n and '(..) => ' .. quoted(n) or 'none'
  local out = pandoc.Inlines{rawinline('#heading(level: ' .. h.level .. ', numbering: ' .. numbering
    .. ', supplement: [' .. (h.attributes.appendix and 'Appendix' or 'Section') .. ']'
    .. (has(h, 'unlisted') and ', outlined: false, bookmarked: false' or '') .. ')[')}
  -- its notes are not in the contents, nor above the pages that follow
  out:extend(h.content:walk{Note = function(note)
    return {rawinline '#in-place[', note, rawinline '];'}
  end})
  out:insert(rawinline('] #label(' .. quoted(h.identifier) .. ')'))
  return pandoc.Plain(out)
end

local function scrolling(blocks, labelled)
  local out = pandoc.Blocks{raw('<div class="table-scroll" role="group" ' .. labelled .. ' tabindex="0">')}
  out:extend(blocks)
  out:insert(raw '</div>')
  return out
end

-- A table in a float scrolls in the box of the float, so the box around the table itself is removed.
local function unboxed(div)
  if not has(div, 'press-float') then return end
  return div:walk{Div = function(d) if has(d, 'press-scroll') then return d.content end end}
end

local function float(div)
  local kind, id = div.attributes.kind, div.identifier
  local caption, body = div.content[1].content, div.content[2].content
  local out = pandoc.Blocks{}
  if html then
    local classes = div.classes:filter(function(c) return c ~= 'press-float' end)
    local class = table.concat({kind == 'tbl' and 'table' or 'figure', table.unpack(classes)}, ' ')
    local captioned = pandoc.Blocks{raw('<figcaption id="' .. id .. '-caption">')}
    captioned:extend(caption)
    captioned:insert(raw '</figcaption>')
    out:insert(raw('<figure class="' .. class .. '" id="' .. id .. '">'))
    if kind == 'tbl' then
      out:extend(captioned)
      out:extend(scrolling(body, 'aria-labelledby="' .. id .. '-caption"'))
    else
      out:extend(body)
      out:extend(captioned)
    end
    out:insert(raw '</figure>')
    return out
  end
  local options = ''
  for _, name in ipairs {'followed', 'whole'} do
    if div.attributes[name] then options = options .. ', ' .. name .. ': true' end
  end
  out:insert(raw('#float(' .. quoted(kind) .. ', ' .. quoted(id) .. options .. ')['))
  out:extend(caption)
  out:insert(raw '][')
  out:extend(body)
  out:insert(raw ']')
  return out
end

local function callout(div, kind)
  local title = pandoc.Inlines(pandoc.Str(common.words[kind]))
  local content = div.content
  if content[1] and content[1].t == 'Div' and has(content[1], 'callout-title') then
    title = content[1].content[1].content
    content:remove(1)
  end
  local out = pandoc.Blocks{}
  if not html then
    out:insert(raw('#callout(' .. quoted(kind) .. ')['))
    out:insert(pandoc.Plain(title))
    out:insert(raw '][')
    out:extend(content)
    out:insert(raw ']')
    return out
  end
  -- as sections they would end the box
  content = content:walk{Header = function(h)
    local tag = 'h' .. h.level
    local title = pandoc.Inlines{rawinline('<' .. tag .. ' id="' .. escaped(h.identifier) .. '">')}
    title:extend(h.content)
    title:insert(rawinline('</' .. tag .. '>'))
    return pandoc.Plain(title)
  end}
  local fold = div.attributes.collapse
  local id = div.identifier ~= '' and ' id="' .. div.identifier .. '"' or ''
  callouts = callouts + 1
  local name = 'callout-' .. slug .. '.' .. callouts
  if fold then
    out:insert(raw('<details class="callout ' .. kind .. '"' .. id .. (fold == 'false' and ' open' or '')
      .. '><summary>'))
    out:insert(pandoc.Plain(title))
    out:insert(raw '</summary>')
    out:extend(content)
    out:insert(raw '</details>')
  else
    out:insert(raw('<div class="callout ' .. kind .. '"' .. id .. ' role="note" aria-labelledby="'
      .. name .. '"><p class="callout-title" id="' .. name .. '">'))
    out:insert(pandoc.Plain(title))
    out:insert(raw '</p>')
    out:extend(content)
    out:insert(raw '</div>')
  end
  return out
end

-- The list of references: citeproc gives a number and a text as two blocks side by side.
local function entry(div)
  local margin, text = pandoc.Inlines{}, pandoc.Inlines{}
  div:walk{Span = function(s)
    if has(s, 'csl-left-margin') then margin = s.content end
    if has(s, 'csl-right-inline') then text = s.content end
  end}
  if #text == 0 then return end
  return {raw('#reference(' .. quoted(div.identifier) .. ')['), pandoc.Plain(margin), raw '][',
    pandoc.Plain(text), raw ']'}
end

local function div(d)
  local kind = table.concat(d.classes, ' '):match 'callout%-(%a+)'
  if kind and not has(d, 'callout-title') then return callout(d, kind) end
  if has(d, 'press-float') then return float(d) end
  if has(d, 'press-scroll') then
    return scrolling(d.content, 'aria-label="' .. escaped(d.attributes.name) .. '"')
  end
  if has(d, 'cell-html') then
    if html then return d.content end
    -- Words that are no paragraph are not to run on into those of the next cell.
    return d.content:map(function(b) return b.t == 'Plain' and pandoc.Para(b.content) or b end)
  end
  if has(d, 'press-equation') then
    if html then
      return pandoc.Div({d.content[1], pandoc.Plain{pandoc.Str('(' .. d.attributes.number .. ')')}},
        pandoc.Attr(d.identifier, {'equation'}))
    end
    local out = pandoc.Blocks{raw('#numbered(' .. quoted(d.identifier) .. ', '
      .. quoted('(' .. d.attributes.number .. ')') .. ')[')}
    out:extend(d.content)
    out:insert(raw ']')
    return out
  end
  if html or has(d, 'callout-title') or has(d, 'press-caption') or has(d, 'press-body') then return end
  if has(d, 'csl-entry') then return entry(d) end
  local out, after = pandoc.Blocks{}, nil
  if d.identifier ~= '' then
    out:insert(raw('#anchor(' .. quoted(d.identifier) .. ')'))
  end
  if d.identifier == 'refs' then out:insert(raw '#references[') after = ']'
  elseif has(d, 'landscape') then out:insert(raw '#landscape[') after = ']'
  elseif has(d, 'small') then out:insert(raw '#small[') after = ']'
  elseif has(d, 'provenance') then out:insert(raw '#provenance[') after = ']' end
  local opening, closing = looks.box(d.attributes.style)
  if opening then out:insert(raw(opening)) end
  local language = spoken(d)
  if language then out:insert(raw('#text(' .. language .. ')[')) end
  out:extend(d.content)
  if language then out:insert(raw ']') end
  if closing then out:insert(raw(closing)) end
  if after then out:insert(raw(after)) end
  return out
end

local function code(c)
  local fold, open = c.attributes.fold, c.attributes.open
  c.attributes.fold, c.attributes.open = nil, nil
  if html then
    c.attributes.tabindex = '0'
    codes = codes + 1
    if c.identifier == '' then c.identifier = 'code-' .. slug .. '.' .. codes end
    if not fold then return c end
    return {raw('<details class="code-fold"' .. (open and ' open' or '') .. '><summary>' .. escaped(fold)
      .. '</summary>'), c, raw '</details>'}
  end
  c.text = breakable(c.text)
  local name = has(c, 'output') and '#output[' or '#listing['
  if has(c, 'output') then c.classes = {} end
  local out = pandoc.Blocks{raw(name), c, raw ']'}
  if c.identifier ~= '' then out:insert(1, raw('#anchor(' .. quoted(c.identifier) .. ')')) end
  return out
end

-- The marks of a list on the page, where HTML alone knows `1.`
local MARKS = {OneParen = 'one', TwoParens = 'two'}
local STYLES = {LowerAlpha = 'lower-alpha', UpperAlpha = 'upper-alpha', LowerRoman = 'lower-roman',
  UpperRoman = 'upper-roman'}
local function ordered(list)
  local brackets = MARKS[list.delimiter]
  if not brackets then return end
  return pandoc.Div({list}, {class = brackets .. '-' .. (STYLES[list.style] or 'decimal')})
end

-- Whether a float has no table of many rows.
local function whole(div)
  local rows = 0
  div:walk{Table = function(t)
    for _, body in ipairs(t.bodies) do rows = rows + #body.body end
  end}
  return rows <= SHORT
end

-- Pandoc writes no empty line between the paragraphs of a definition, and Typst would join them.
local function definitions(list)
  for _, entry in ipairs(list.content) do
    -- nor may a term of Typst's have two lines, or a formula on a line of its own
    entry[1] = entry[1]:walk{LineBreak = function() return rawinline '#linebreak();' end,
      Math = function(m) return pandoc.Math('InlineMath', m.text) end,
      RawInline = function(r) if r.text == '\n];' then return rawinline '];' end end}
    for n, blocks in ipairs(entry[2]) do
      local out = pandoc.Blocks{}
      for i, block in ipairs(blocks) do
        if i > 1 then out:insert(raw '#parbreak()') end
        out:insert(block)
      end
      entry[2][n] = out
    end
  end
  return list
end

-- Whether a block is a table alone, without a caption.
local function bare_table(block)
  if block and block.t == 'Div' and #block.content == 1 and not has(block, 'press-float') then
    return bare_table(block.content[1])
  end
  return block and block.t == 'Table' and #block.caption.long == 0
end

-- Whether text enough follows the first `n` blocks to fill what a figure leaves of a page.
local function text_follows(blocks, n)
  local letters = 0
  for i = n + 1, #blocks do
    local block = blocks[i]
    local float = block.t == 'Div' and has(block, 'press-float')
    letters = letters + (float and 0 or #pandoc.utils.stringify(block))
    if letters > THIRD then return true end
  end
  return false
end

-- Marks each float that is to be on one page, and each that a provenance line follows. A figure
-- moves with that line to the foot of a page, so that text fills the page that it leaves; near the end
-- of a chapter it stays, as the text would be above a gap. A table stays, as it may break over pages;
-- a low one is kept on one with its line.
local function placed(blocks)
  local out = pandoc.Blocks{}
  local i = 1
  while i <= #blocks do
    local block, after = blocks[i], blocks[i + 1]
    if block.t == 'Div' and has(block, 'landscape') then
      block = block:walk{Table = function(t)
        t.attributes.landscape = 'true'
        return t
      end}
    end
    if block.t == 'Div' and has(block, 'press-float') then
      local both = after and after.t == 'Div' and has(after, 'provenance')
      if both then block.attributes.followed = 'true' end
      local short, opening = whole(block), nil
      if block.attributes.kind == 'tbl' then
        opening = short and '#kept['
      else
        if short then block.attributes.whole = 'true' end
        opening = text_follows(blocks, both and i + 1 or i) and '#moving['
      end
      if opening then out:insert(raw(opening)) end
      out:insert(block)
      if both then
        out:insert(after)
        i = i + 1
      end
      if opening then out:insert(raw ']') end
    elseif block.t == 'Para' and bare_table(after) then
      out:extend{raw '#lead[', block, raw ']'}
    elseif block.t == 'Plain' and after and (after.t == 'Plain' or after.t == 'Para') then
      -- no more does it write one after words that are no paragraph
      out:insert(pandoc.Para(block.content))
    else
      out:insert(block)
      -- Typst would go on with the numbers of a list in the next one
      if after and after.t == block.t and block.t:match 'List$' then out:insert(raw '#v(0pt, weak: true)') end
    end
    i = i + 1
  end
  return out
end

-- Ids that this filter makes contain the chapter's name, which is unique in the book.
local function named(meta)
  slug = pandoc.utils.stringify(meta['press-slug'] or '')
  common.read_words(meta)
end

-- Each format has only the functions it needs, as every one costs a walk.
if html then
  return {
    {Meta = named},
    {Div = unboxed},
    {Image = image, CodeBlock = code, Header = header,
      OrderedList = ordered},
    {Div = div},
  }
end
return {
  {Meta = named},
  {Blocks = placed, Math = math, Image = image, Link = link, Span = span, Code = inline_code,
    Underline = underline, Strikeout = strikeout},
  {Table = typst_table.convert, CodeBlock = code, Header = header, DefinitionList = definitions},
  {Div = div},
}
