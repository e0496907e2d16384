"""Duizhao (对照): Chinese Markdown posts into English ones, with a glossary that is obeyed and a review that is kept."""
