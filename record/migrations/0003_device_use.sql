-- What happened at a device is told later: `at` is when the record heard of it, `device_at` is the device's own time. Told
-- twice, it is there once.
ALTER TABLE audit ADD COLUMN device_at bigint;
CREATE UNIQUE INDEX audit_device_use ON audit (device, device_at, event) WHERE device_at IS NOT NULL;

-- True from when a device was taken from its person until all their spaces have begun a new epoch.
ALTER TABLE device ADD COLUMN epochs_due boolean NOT NULL DEFAULT false;
CREATE INDEX device_epochs_due ON device (id) WHERE epochs_due;
