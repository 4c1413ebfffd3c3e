"""The component tags, by what they show. ``templatetags.ui`` offers them to templates."""
