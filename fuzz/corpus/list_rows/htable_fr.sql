`INSERT INTO `htable` (`key_name`,`expires`) VALUES ('0639980001', 1893456000);
INSERT INTO htable VALUES (1,'0639980002',0,1,'1',0);