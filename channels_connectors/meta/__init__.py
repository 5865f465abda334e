"""What the channels of Meta (Facebook, Instagram, WhatsApp) have in common. No channel kind itself."""
