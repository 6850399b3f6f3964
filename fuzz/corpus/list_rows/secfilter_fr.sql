@-- MySQL dump; don't stop here
CREATE TABLE `secfilter` (`id` INT(10) PRIMARY KEY);
INSERT INTO `secfilter` VALUES (1,0,4,'0639980001'),(2,1,4,'+33639980002'),(3,0,2,'evil.example'),(4,0,0,'friendly-scanner'),(6,2,0,'0639980003');
INSERT INTO secfilter (data, action, type) VALUES ('it''s', 0, 4), ('0639980004', 0, 4);
