"""HTML read strictly: every tag closed in its turn, no attribute twice."""

from html.parser import HTMLParser


class Tree(HTMLParser):
    """What stands in a piece of HTML: tags with their attributes, words, and which words stand in which tag."""

    void = frozenset({"meta", "hr", "br", "input", "rect", "link"})

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.words, self.tags = [], [], []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        self.tags.append((tag, dict(attrs)))
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        assert tag in self.void
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return "".join(self.words)

    def all(self, name):
        """Give every value of an attribute, in order."""
        return [attributes[name] for _, attributes in self.tags if name in attributes]
